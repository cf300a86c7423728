import { expect, test } from 'vitest'
import type { Violation } from '@/api/problem'
import { type Course, weekOf } from './weekOfPlan'

const words = { subtitle: (course: Course) => course.section.number, clash: (codes: string[]) => `with ${codes.join()}` }
const meeting = (day: string, start: string, end: string, facts: object = {}) => ({ days: [day], start, end, weeks: 'all', room: '', component: 'lecture', ...facts })
const course = (code: string, ...meetings: ReturnType<typeof meeting>[]): Course => ({ code, registered: false, section: { id: `section of ${code}`, number: '1', component: 'lecture', meetings } })
const clash = (one: string, other: string): Violation => ({ code: 'time-conflict', message: '', severity: 'fatal', section_id: `section of ${one}`, params: { with_section_id: `section of ${other}` }, remedies: [] })

test('each day of a meeting stands in the week, and what has no hours or single dates does not', () => {
  const week = weekOf([course('MAT', { ...meeting('mon', '08:00', '09:30'), days: ['mon', 'wed'] }, meeting('tue', '10:00', '11:00', { dates: ['2026-12-01'] }), meeting('tue', '', ''))], [], words)

  expect(week.map(one => `${one.day} ${one.start}`)).toEqual(['mon 08:00', 'wed 08:00'])
})

test('a clash that the university found is told at both meetings, and only where they overlap', () => {
  const week = weekOf([course('MAT', meeting('mon', '08:00', '09:30'), meeting('tue', '08:00', '09:30')), course('FIZ', meeting('mon', '09:00', '10:30'))], [clash('MAT', 'FIZ')], words)

  expect(week.map(one => one.clash)).toEqual(['with FIZ', undefined, 'with MAT'])
})

test('meetings at the same time in other weeks are no clash, because the university found none', () => {
  const week = weekOf([course('MAT', meeting('mon', '08:00', '09:30', { weeks: 'odd' })), course('FIZ', meeting('mon', '08:00', '09:30', { weeks: 'even' }))], [], words)

  expect(week.map(one => one.clash)).toEqual([undefined, undefined])
})
