import { describe, expect, it } from 'vitest'
import { calendarOf, weekdayOf } from './calendar'

const term = { starts_on: '2026-10-01', ends_on: '2026-11-15', calendar: [] }
const monday = { days: ['mon'], start: '10:15', end: '11:45' }
const dates = (meeting: object, facts: object = {}) => calendarOf({ ...term, ...facts })([{ ...monday, ...meeting }]).map(one => one.date)

describe('concrete meetings', () => {
  it('know weekdays', () => {
    expect([weekdayOf('2026-10-01'), weekdayOf('2026-10-04'), weekdayOf('2026-10-05')]).toEqual(['thu', 'sun', 'mon'])
  })

  it('take place every week of the term', () => {
    expect(dates({})).toEqual(['2026-10-05', '2026-10-12', '2026-10-19', '2026-10-26', '2026-11-02', '2026-11-09'])
  })

  it('count odd and even weeks from the week of the first day', () => {
    expect(dates({ weeks: 'even' })).toEqual(['2026-10-05', '2026-10-19', '2026-11-02'])
    expect(dates({ weeks: 'odd' })).toEqual(['2026-10-12', '2026-10-26', '2026-11-09'])
  })

  it('take place in listed weeks, and on listed dates of the term', () => {
    expect(dates({ weeks: '2-3,6' })).toEqual(['2026-10-05', '2026-10-12', '2026-11-02'])
    expect(dates({ days: [], dates: ['2026-10-10', '2027-01-01'] })).toEqual(['2026-10-10'])
  })

  it('do not take place on a day off', () => {
    expect(dates({}, { calendar: [{ date: '2026-10-12', off: true }] })).not.toContain('2026-10-12')
  })

  it('take place on a day that runs as theirs, and not on their own that runs as another', () => {
    const calendar = [{ date: '2026-10-15', runs_as: 'mon' as const }, { date: '2026-10-19', runs_as: 'fri' as const }]

    expect(dates({}, { calendar })).toContain('2026-10-15')
    expect(dates({}, { calendar })).not.toContain('2026-10-19')
  })

  it('respect the hour from which a day runs as another, and its parity', () => {
    const calendar = [{ date: '2026-10-12', runs_as: 'wed' as const, from: '12:00', parity: 'even' as const }]

    expect(dates({}, { calendar })).toContain('2026-10-12')
    expect(dates({ start: '12:15', end: '13:00' }, { calendar })).not.toContain('2026-10-12')
    expect(dates({ days: ['wed'], start: '12:15', end: '13:00', weeks: 'even' }, { calendar })).toContain('2026-10-12')
    expect(dates({ days: ['wed'], start: '12:15', end: '13:00', weeks: 'odd' }, { calendar })).not.toContain('2026-10-12')
  })

  it('without a time never take place', () => {
    expect(dates({ start: null, end: null })).toEqual([])
  })
})
