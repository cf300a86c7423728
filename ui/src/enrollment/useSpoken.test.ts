import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import { defineComponent, h } from 'vue'
import { useSpoken } from './useSpoken'

function told(sentence: string): string {
  return mount(defineComponent(() => {
    const { spoken } = useSpoken()
    return () => h('p', spoken(sentence))
  })).text()
}

test('instants are told in the time zone of the university', () => {
  expect(told('Registration opens for you at 2026-11-23T07:30:00Z.')).toMatch(/^Registration opens for you at November 23, 2026 at 8:30\sAM\.$/u)
})

test('days are told with the name of the month', () => {
  expect(told('The deadline to add MAT-101 was 2026-10-05.')).toMatch(/was October 5, 2026\.$/)
})

test('codes and numbers stay as they are', () => {
  expect(told('MAT-101, section 2, needs 30 ECTS.')).toBe('MAT-101, section 2, needs 30 ECTS.')
})
