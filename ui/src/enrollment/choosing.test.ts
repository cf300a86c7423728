import { expect, test } from 'vitest'
import type { OfferingOut, SectionOut } from '@/api/schema'
import { choicesFor, exchanged } from './choosing'

function section(id: string, component: string, parent: string | null = null, status = 'open'): SectionOut {
  return { id, number: id, component, parent_id: parent, status } as SectionOut
}

const sections = [
  section('W1', 'lecture'), section('W2', 'lecture'), section('W3', 'lecture', null, 'closed'),
  section('L10', 'laboratory', 'W1'), section('L2', 'laboratory', 'W1'), section('M1', 'laboratory', 'W2'),
]
const offering = { sections } as OfferingOut
const find = (id: string): SectionOut => sections.find(one => one.id === id) ?? section(id, '')

test('open sections of the same kind can be chosen, in the order of their numbers', () => {
  expect(choicesFor(find('L10'), offering).map(one => one.id)).toEqual(['L2', 'L10', 'M1'])
  expect(choicesFor(find('W1'), offering).map(one => one.id)).toEqual(['W1', 'W2'])
})

test('a closed section stays among the choices of whoever has planned it', () => {
  expect(choicesFor(find('W3'), offering).map(one => one.id)).toContain('W3')
})

test('a section takes the place of its sister', () => {
  expect(exchanged(['W1', 'L10'], offering, 'L10', 'L2')).toEqual(['W1', 'L2'])
})

test('another lecture brings a laboratory of its own', () => {
  expect(exchanged(['W1', 'L10'], offering, 'W1', 'W2')).toEqual(['W2', 'M1'])
})

test('a laboratory of another lecture brings that lecture', () => {
  expect(exchanged(['W1', 'L10'], offering, 'L10', 'M1')).toEqual(['W2', 'M1'])
})

test('a section that nothing is known of is exchanged alone', () => {
  expect(exchanged(['W1', 'L10'], offering, 'L10', 'new')).toEqual(['W1', 'new'])
})
