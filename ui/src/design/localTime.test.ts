import { describe, expect, it } from 'vitest'
import { instantOf, localOf } from './localTime'

const WARSAW = 'Europe/Warsaw'

describe('a time of the university’s wall clock', () => {
  it.each([
    ['2026-07-01T08:00', '2026-07-01T06:00:00Z', 'summer'],
    ['2026-12-01T08:00', '2026-12-01T07:00:00Z', 'winter'],
    ['2026-03-29T01:59', '2026-03-29T00:59:00Z', 'just before clocks go forward'],
    ['2026-03-29T03:00', '2026-03-29T01:00:00Z', 'just after clocks went forward'],
    ['2026-10-25T01:59', '2026-10-24T23:59:00Z', 'before the doubled hour'],
    ['2026-10-25T03:00', '2026-10-25T02:00:00Z', 'after the doubled hour'],
  ])('%s is %s (%s), and the same when read again', (local, instant) => {
    expect(instantOf(local, WARSAW)).toBe(instant)
    expect(localOf(instant, WARSAW)).toBe(local)
  })

  it('that comes twice is the first of the two', () => {
    expect(instantOf('2026-10-25T02:30', WARSAW)).toBe('2026-10-25T00:30:00Z')
    expect(localOf('2026-10-25T01:30:00Z', WARSAW)).toBe('2026-10-25T02:30')
  })

  it('that never comes is an hour later', () => {
    expect(localOf(instantOf('2026-03-29T02:30', WARSAW), WARSAW)).toBe('2026-03-29T03:30')
  })

  it('is the same in zones west of Greenwich and with odd offsets', () => {
    expect(instantOf('2026-11-01T09:00', 'America/New_York')).toBe('2026-11-01T14:00:00Z')
    expect(instantOf('2026-06-01T09:00', 'Asia/Kathmandu')).toBe('2026-06-01T03:15:00Z')
  })

  it('that is none is left for the API to refuse', () => {
    expect(instantOf('', WARSAW)).toBe('')
  })
})
