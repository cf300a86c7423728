import { expect, test } from 'vitest'
import type { EnrollmentOut } from '@/api/schema'
import { newsOf } from './news'

const queue = { position: 1, of: 2, section_ids: ['b'], drop_enrollment_id: null, refusals: [] }
const one = (facts: Partial<EnrollmentOut>): EnrollmentOut => ({ id: 'one', status: 'waitlisted', section_ids: ['a'], waitlist: null, ...facts }) as EnrollmentOut
const news = (before: Partial<EnrollmentOut>, after: Partial<EnrollmentOut>) => newsOf([one(before)], [one(after)]).map(told => told.news)

test('who waited and has a place is told so, and who is offered one, too', () => {
  expect(news({ waitlist: queue }, { status: 'enrolled' })).toEqual(['placed'])
  expect(news({ waitlist: queue }, { status: 'offered' })).toEqual(['offered'])
})

test('who waited for other sections hears of them when they are there', () => {
  expect(news({ status: 'enrolled', waitlist: queue }, { status: 'enrolled', section_ids: ['b'] })).toEqual(['changed'])
})

test('leaving a queue oneself, or coming forward in it, is no news', () => {
  expect(news({ status: 'enrolled', waitlist: queue }, { status: 'enrolled' })).toEqual([])
  expect(news({ waitlist: { ...queue, position: 2 } }, { waitlist: queue })).toEqual([])
  expect(newsOf([], [one({ status: 'enrolled' })])).toEqual([])
})

test('an offer that is over and a section that is canceled are told', () => {
  expect(news({ status: 'offered' }, { status: 'dropped' })).toEqual(['expired'])
  expect(news({ waitlist: queue }, { status: 'canceled' })).toEqual(['canceled'])
})
