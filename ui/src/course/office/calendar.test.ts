import { describe, expect, it } from 'vitest'
import { changedDayOf, type ChangedDay, isDate, monthsOf, substitutionOf, weeksOf } from './calendar'

const change = (day: Partial<ChangedDay>): ChangedDay => ({ date: '', runs_as: 'off', parity: '', from: '', ...day })

describe('a term’s calendar', () => {
  it('counts weeks from the one that holds the first day, whatever weekday that is', () => {
    const [first, second] = weeksOf('2026-10', '2026-10-01', '2027-02-14', [])

    expect([first?.number, first?.parity, first?.days[0]?.date, first?.days[3]?.date]).toEqual([1, 'odd', '2026-09-28', '2026-10-01'])
    expect([second?.number, second?.parity]).toEqual([2, 'even'])
    expect(first?.days.map(day => day.inTerm)).toEqual([false, false, false, true, true, true, true])
    expect(weeksOf('2027-01', '2026-10-01', '2027-02-14', [])[0]?.number).toBe(14)
  })

  it('shows what a day runs as, from when, and as of which parity', () => {
    const changes = [change({ date: '2027-01-28', runs_as: 'mon', parity: 'odd', from: '14:00' }), change({ date: '2027-01-29' })]
    const week = weeksOf('2027-01', '2026-10-01', '2027-02-14', changes).at(-1)

    expect(week?.parity).toBe('even')
    expect(week?.days[3]).toMatchObject({ date: '2027-01-28', runsAs: 'mon', parity: 'odd', from: '14:00', changed: true, off: false })
    expect(week?.days[4]).toMatchObject({ off: true, changed: true })
  })

  it('has all its months, and none while the dates make no sense', () => {
    expect(monthsOf('2026-10-01', '2027-02-14')).toEqual(['2026-10', '2026-11', '2026-12', '2027-01', '2027-02'])
    expect(monthsOf('2027-10-01', '2027-02-14')).toEqual([])
    expect(monthsOf('', '2027-02-14')).toEqual([])
    expect([isDate('2026-02-29'), isDate('2028-02-29'), isDate('0')]).toEqual([false, true, false])
  })

  it('is sent as the API tells it', () => {
    for (const told of [{ date: '2026-11-11', off: true }, { date: '2027-01-28', runs_as: 'mon' as const, parity: 'odd' as const, from: '14:00' }, { date: '2027-01-29', runs_as: 'fri' as const }]) {
      expect(substitutionOf(changedDayOf(told))).toEqual(told)
    }
  })
})
