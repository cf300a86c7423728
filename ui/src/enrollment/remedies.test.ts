import { expect, test } from 'vitest'
import type { Remedy, Violation } from '@/api/problem'
import { askOf, coursesOf, parted, remedied } from './remedies'

const remedy = (action: string, params: Record<string, unknown> = {}): Remedy => ({ action, message: `${action} ${JSON.stringify(params)}`, params })
const violation = (code: string, message: string, remedies: Remedy[] = []): Violation => ({ code, message, severity: 'fatal', params: {}, remedies })

test('a remedy adds, exchanges or leaves out a section of the bundle', () => {
  expect(remedied(['lecture'], remedy('add-section', { section_id: 'lab' }))).toEqual(['lecture', 'lab'])
  expect(remedied(['lecture', 'lab'], remedy('choose-section', { instead_of: 'lab', section_id: 'other' }))).toEqual(['lecture', 'other'])
  expect(remedied(['lecture', 'lab'], remedy('remove-section', { section_id: 'lab' }))).toEqual(['lecture'])
})

test('a remedy that is applied twice does the same as once', () => {
  const add = remedy('add-section', { section_id: 'lab' })

  expect(remedied(remedied(['lecture'], add) ?? [], add)).toEqual(['lecture', 'lab'])
})

test('a remedy about no section changes no bundle', () => {
  expect(remedied(['lecture'], remedy('lift-hold', { contact: 'The library' }))).toBeNull()
})

test('demanded courses are named, other demands are not', () => {
  const demands = [{ kind: 'course', course: 'MAT-101', text: 'MAT-101' }, { kind: 'stage', minimum: 2, text: 'STAGE >= 2' }]

  expect(coursesOf(remedy('satisfy-requisites', { demands }))).toEqual(['MAT-101'])
  expect(coursesOf(remedy('add-course', { course: 'FIZ-100' }))).toEqual(['FIZ-100'])
})

test('what forbids the whole request is told once, with every way out', () => {
  const limit = (way: string) => violation('credit-limit', '36 of 30', [remedy(way), remedy('ask-permission')])

  const { whole, own } = parted([[violation('hold', 'Library'), limit('leave-one')], [violation('hold', 'Library'), limit('leave-two'), violation('section-full', 'L1')]])

  expect(whole.map(one => one.code)).toEqual(['hold', 'credit-limit'])
  expect(whole[1]?.remedies.map(one => one.action)).toEqual(['leave-one', 'ask-permission', 'leave-two'])
  expect(own.map(one => one.map(reason => reason.code))).toEqual([[], ['section-full']])
})

test('a limit that only one item breaks is told under that item', () => {
  const { whole, own } = parted([[], [violation('credit-limit', '36 of 30')]])

  expect(whole).toEqual([])
  expect(own[1]).toHaveLength(1)
})

test('a reason about one course stays with the course, also where there is no other', () => {
  expect(parted([[violation('section-full', 'L1')]]).whole).toEqual([])
})

test('one request asks for everything that the same people may allow about a section', () => {
  const ask = (rule: string, section: string, asked = 'registrar') => remedy('ask-permission', { rule, section_id: section, rules: [rule], asked_of: asked })
  const [limit, clash] = [ask('credit-limit', 's'), ask('time-conflict', 's')]
  const violations = [violation('credit-limit', '36 of 30', [limit]), violation('time-conflict', 'Clash', [clash, ask('restricted', 's', 'instructor')]), violation('hold', 'Books', [ask('hold', 'other')])]

  expect(askOf(clash, violations)).toEqual({ section_id: 's', asked_of: 'registrar', rules: ['time-conflict', 'credit-limit'] })
})

test('a remedy that names no section, or nobody, asks for nothing', () => {
  expect(askOf(remedy('ask-permission', { rule: 'hold', section_id: null, rules: ['hold'], asked_of: 'registrar' }), [])).toBeNull()
  expect(askOf(remedy('lift-hold', { section_id: 's', asked_of: 'registrar' }), [])).toBeNull()
})
