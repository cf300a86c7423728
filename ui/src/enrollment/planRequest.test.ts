import { expect, test } from 'vitest'
import type { Violation } from '@/api/problem'
import type { RegistrationRequestOut, RequestItemOut } from '@/api/schema'
import { countOf, keyOf, reasonsOf, requestOf } from './planRequest'

const violation = (code: string, message = code): Violation => ({ code, message, severity: 'fatal', params: {}, remedies: [] })
const item = (action: 'add' | 'drop', ...violations: Violation[]): RequestItemOut => ({ action, outcome: violations.length > 0 ? 'refused' : 'accepted', enrollment: null, violations })
const answer = (...items: RequestItemOut[]): RegistrationRequestOut => ({ id: 'one', outcome: 'refused', items })

test('a plan asks for everything at once, what is given back first', () => {
  expect(requestOf('2026L', [['a', 'b'], ['c']], ['place'], 'best_effort')).toEqual({
    student_id: 'me', term_id: '2026L', mode: 'best_effort', dry_run: false,
    items: [{ action: 'drop', enrollment_id: 'place' }, { action: 'add', section_ids: ['a', 'b'] }, { action: 'add', section_ids: ['c'] }],
  })
})

test('an empty plan asks for nothing, also where something would be given back', () => {
  expect(requestOf('2026L', [], ['place'], 'all_or_nothing')).toBeNull()
})

test('reasons are found by what they are about, wherever it stands now', () => {
  const request = requestOf('2026L', [['b', 'a'], ['c']], ['place'], 'all_or_nothing')
  if (!request) throw new Error('There is a request.')

  const { whole, own } = reasonsOf({ request, answer: answer(item('drop', violation('deadline-passed')), item('add', violation('hold')), item('add', violation('hold'), violation('section-full'))) })

  expect(whole.map(one => one.code)).toEqual(['hold'])
  expect(own.get('place')?.map(one => one.code)).toEqual(['deadline-passed'])
  expect(own.get(keyOf({ section_ids: ['a', 'b'] }))).toEqual([])
  expect(own.get(keyOf({ section_ids: ['c'] }))?.map(one => one.code)).toEqual(['section-full'])
})

test('what forbids everything counts once', () => {
  const request = requestOf('2026L', [['a'], ['c']], [], 'all_or_nothing')
  if (!request) throw new Error('There is a request.')

  expect(countOf({ request, answer: answer(item('add', violation('hold')), item('add', violation('hold'), violation('section-full'))) })).toBe(2)
})
