import { expect, it } from 'vitest'
import type { WindowOut } from '@/api/schema'
import { bodyOf, EMPTY, formOf, stateOf } from './windowForm'

const WINDOW: WindowOut = {
  id: 'w', term_id: 't', name: 'Drugi rok', version: 3, opens_at: '2026-10-24T06:00:00Z', closes_at: '2026-10-26T07:00:00Z',
  program: ['INF', 'MAT'], stage: [2], group: [], min_ects: 30, max_ects: null,
}

it('a form that nobody touched says what the window is, across a change of clocks', () => {
  const form = formOf(WINDOW, 'Europe/Warsaw')

  expect([form.opens_at, form.closes_at]).toEqual(['2026-10-24T08:00', '2026-10-26T08:00'])
  expect({ ...WINDOW, ...bodyOf(form, 'Europe/Warsaw') }).toEqual(WINDOW)
})

it('fields left empty mean everybody and no limit', () => {
  expect(bodyOf({ ...EMPTY, min_ects: '' }, 'Europe/Warsaw')).toMatchObject({ program: [], stage: [], group: [], min_ects: 0, max_ects: null })
})

it('opens and closes at the very moment', () => {
  const at = (moment: string) => stateOf(WINDOW, Date.parse(moment))
  expect(['2026-10-24T05:59:59Z', '2026-10-24T06:00:00Z', '2026-10-26T06:59:59Z', '2026-10-26T07:00:00Z'].map(at)).toEqual(['ahead', 'open', 'open', 'over'])
})
