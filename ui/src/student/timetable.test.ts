import { describe, expect, it } from 'vitest'
import { byDate, changesIn, datesOf, firstWeek, mondayOf, weekdayOf, weeksOf } from './timetable'

const term = { starts_on: '2026-10-01', ends_on: '2026-10-20' }
const on = (...dates: string[]) => dates.map(date => ({ date }))

describe('weeks by their dates', () => {
  it('begin on Monday, also where the year or the clocks change', () => {
    expect([mondayOf('2026-10-25'), mondayOf('2026-10-26'), mondayOf('2027-01-01')]).toEqual(['2026-10-19', '2026-10-26', '2026-12-28'])
    expect(weekdayOf('2026-11-22')).toBe('sun')
    expect(datesOf('2026-12-28')).toMatchObject({ mon: '2026-12-28', fri: '2027-01-01', sun: '2027-01-03' })
  })

  it('are all weeks of the term, and those beyond it that are used', () => {
    expect(weeksOf(term, on('2026-11-03'))).toEqual(['2026-09-28', '2026-10-05', '2026-10-12', '2026-10-19', '2026-11-02'])
  })
})

describe('the week to begin with', () => {
  const weeks = weeksOf(term, [])

  it('is the one that the address names', () => {
    expect(firstWeek(weeks, [], '2026-10-05', '2026-10-14')).toBe('2026-10-12')
  })

  it.each(['2030-01-01', 'nonsense', '2026-99-99', undefined, ['2026-10-14']])('is this week when the address names %j', (wanted) => {
    expect(firstWeek(weeks, [], '2026-10-07', wanted)).toBe('2026-10-05')
  })

  it('is the first in which something takes place when the term is not running', () => {
    expect(firstWeek(weeks, on('2026-10-15'), '2026-03-01', undefined)).toBe('2026-10-12')
    expect(firstWeek(weeks, [], '2026-03-01', undefined)).toBe('2026-09-28')
  })
})

it('names the changes of the calendar by weekday', () => {
  const holiday = { date: '2026-11-11', off: true }
  expect(changesIn([holiday, { date: '2026-11-20', runs_as: 'mon' }], '2026-11-09')).toEqual({ wed: [holiday] })
})

it('orders occurrences by date and time', () => {
  const one = (date: string, start: string) => ({ date, start, end: '', room: null, component: 'lecture', course: { id: '', code: null, title: null, title_en: null }, section_id: '', section_number: '', enrollment_id: '' })
  const found = byDate([one('2026-10-02', '10:00'), one('2026-10-01', '12:00'), one('2026-10-02', '08:00')])
  expect(found.map(({ date, occurrences }) => [date, occurrences.map(each => each.start)])).toEqual([['2026-10-01', ['12:00']], ['2026-10-02', ['08:00', '10:00']]])
})
