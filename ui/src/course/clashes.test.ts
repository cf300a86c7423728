import { describe, expect, it } from 'vitest'
import { calendarOf } from './calendar'
import { byDate, clashesOf } from './clashes'

const occurrences = calendarOf({ starts_on: '2026-10-01', ends_on: '2026-10-25', calendar: [] })
const weekly = (start: string, end: string, facts: object = {}) => occurrences([{ days: ['mon'], start, end, ...facts }])
const own = (start: string, end: string, facts: object = {}) => byDate(weekly(start, end, facts).map(one => ({ ...one, course: { code: 'MAT-101' } })))

describe('clashes with the own timetable', () => {
  it('name the course, its day and hour, and every date', () => {
    expect(clashesOf(weekly('11:00', '12:30'), own('10:15', '11:45'), 'INF-101'))
      .toEqual([{ course: 'MAT-101', day: 'mon', start: '10:15', dates: ['2026-10-05', '2026-10-12', '2026-10-19'] }])
  })

  it('are none where one ends as the other begins', () => {
    expect(clashesOf(weekly('11:45', '13:15'), own('10:15', '11:45'), 'INF-101')).toEqual([])
  })

  it('are none between odd and even weeks at the same time', () => {
    expect(clashesOf(weekly('10:15', '11:45', { weeks: 'odd' }), own('10:15', '11:45', { weeks: 'even' }), 'INF-101')).toEqual([])
  })

  it('are only on the dates of listed weeks', () => {
    expect(clashesOf(weekly('10:15', '11:45', { weeks: '3' }), own('10:15', '11:45'), 'INF-101')[0]?.dates).toEqual(['2026-10-12'])
  })

  it('do not come from the same course', () => {
    expect(clashesOf(weekly('10:15', '11:45'), own('10:15', '11:45'), 'MAT-101')).toEqual([])
  })
})
