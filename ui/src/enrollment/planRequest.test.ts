import { expect, test } from 'vitest'
import type { Violation } from '@/api/problem'
import type { RegistrationRequestOut, RequestItemOut, RequestMode } from '@/api/schema'
import { countOf, type Giving, keyOf, reasonsOf, requestOf, type Wishes } from './planRequest'

const violation = (code: string, message = code): Violation => ({ code, message, severity: 'fatal', params: {}, remedies: [] })
const item = (action: 'add' | 'drop', ...violations: Violation[]): RequestItemOut => ({ action, outcome: violations.length > 0 ? 'refused' : 'accepted', enrollment: null, violations })
const asked = (bundles: Wishes['bundles'], drops: readonly Giving[], mode: RequestMode, ...waits: string[]) => requestOf({ term: '2026L', bundles, drops, waits, mode })
const answer = (...items: RequestItemOut[]): RegistrationRequestOut => ({ id: 'one', outcome: 'refused', items })

test('a plan asks for everything at once, what is given back first', () => {
  expect(asked([['a', 'b'], ['c']], [{ id: 'place' }], 'best_effort')).toEqual({
    student_id: 'me', term_id: '2026L', mode: 'best_effort', dry_run: false,
    items: [{ action: 'drop', enrollment_id: 'place' }, { action: 'add', section_ids: ['a', 'b'] }, { action: 'add', section_ids: ['c'] }],
  })
})

test('an empty plan asks for nothing, also where something would be given back', () => {
  expect(asked([], [{ id: 'place' }], 'all_or_nothing')).toBeNull()
})

test('reasons are found by what they are about, wherever it stands now', () => {
  const request = asked([['b', 'a'], ['c']], [{ id: 'place' }], 'all_or_nothing')
  if (!request) throw new Error('There is a request.')

  const { whole, own } = reasonsOf({ request, answer: answer(item('drop', violation('deadline-passed')), item('add', violation('hold')), item('add', violation('hold'), violation('section-full'))) })

  expect(whole.map(one => one.code)).toEqual(['hold'])
  expect(own.get('place')?.map(one => one.code)).toEqual(['deadline-passed'])
  expect(own.get(keyOf({ section_ids: ['a', 'b'] }))).toEqual([])
  expect(own.get(keyOf({ section_ids: ['c'] }))?.map(one => one.code)).toEqual(['section-full'])
})

test('what forbids everything counts once', () => {
  const request = asked([['a'], ['c']], [], 'all_or_nothing')
  if (!request) throw new Error('There is a request.')

  expect(countOf({ request, answer: answer(item('add', violation('hold')), item('add', violation('hold'), violation('section-full'))) })).toBe(2)
})

test('a bundle that may wait says so, and keeps the place that it is to replace until it is had', () => {
  const items = asked([['b', 'a'], ['c']], [{ id: 'place', instead: 'a+b' }, { id: 'other' }], 'all_or_nothing', 'a+b')?.items

  expect(items).toEqual([
    { action: 'drop', enrollment_id: 'other' },
    { action: 'swap', drop_enrollment_id: 'place', section_ids: ['b', 'a'], waitlist: true },
    { action: 'add', section_ids: ['c'] },
  ])
})

test('a place is simply given back where nobody waits for what replaces it', () => {
  expect(asked([['a']], [{ id: 'place', instead: 'a' }], 'all_or_nothing')?.items.map(one => one.action)).toEqual(['drop', 'add'])
  expect(asked([['a']], [{ id: 'place', instead: 'gone' }], 'all_or_nothing', 'gone')?.items.map(one => one.action)).toEqual(['drop', 'add'])
})

test('what only warns, or is permitted, does not stand in the way', () => {
  const request = asked([['a']], [], 'all_or_nothing')
  if (!request) throw new Error('There is a request.')
  const told = ['warning', 'permitted', 'fatal'].map(severity => ({ ...violation(`because-${severity}`), severity }))

  expect(countOf({ request, answer: answer(item('add', ...told)) })).toBe(1)
})
