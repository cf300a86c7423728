import { describe, expect, it } from 'vitest'
import { i18n, polishForm, useLanguage, useStaffTexts } from './i18n'

describe('Polish plural forms', () => {
  it.each([[1, 0], [2, 1], [4, 1], [5, 2], [0, 2], [11, 2], [12, 2], [14, 2], [21, 2], [22, 1], [112, 2], [122, 1]])('%i takes form %i of three', (count, form) => {
    expect(polishForm(count, 3)).toBe(form)
  })

  it('says nothing of its own kind for zero where four forms are given', () => {
    expect([0, 1, 3, 7].map(count => polishForm(count, 4))).toEqual([0, 1, 2, 3])
  })
})

it('speaks to staff in whichever language is chosen later', async () => {
  await useStaffTexts()
  await useLanguage('pl')
  expect(i18n.global.t('office.students.title')).toBe('Studenci')
  await useLanguage('en')
  expect(i18n.global.t('office.students.title')).toBe('Students')
})
