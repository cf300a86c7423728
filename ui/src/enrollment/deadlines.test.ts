import { describe, expect, it } from 'vitest'
import { dropUntil, later, withdrawUntil } from './deadlines'

const term = { drop_until: '2026-10-29', starts_on: '2026-10-01' }

describe('the last day to drop', () => {
  it('is the term’s where the offering has none', () => {
    expect(dropUntil({ drop_until: null, drop_weeks: null }, term, ['2026-10-05'])).toBe('2026-10-29')
    expect(dropUntil(undefined, term, [])).toBe('2026-10-29')
  })

  it('is the offering’s own before everything else', () => {
    expect(dropUntil({ drop_until: '2026-11-30', drop_weeks: 2 }, term, ['2026-10-05'])).toBe('2026-11-30')
  })

  it('is so many weeks after the first meeting', () => {
    expect(dropUntil({ drop_until: null, drop_weeks: 2 }, term, ['2026-10-06', '2026-10-05'])).toBe('2026-10-19')
    expect(dropUntil({ drop_until: null, drop_weeks: 0 }, term, [])).toBe('2026-10-01')
  })
})

describe('the last day to withdraw', () => {
  const until = { withdraw_until: '2026-12-15', starts_on: '2026-10-01' }

  it('is found like that of dropping', () => {
    expect(withdrawUntil({ withdraw_until: null, withdraw_weeks: null }, until, [])).toBe('2026-12-15')
    expect(withdrawUntil({ withdraw_until: '2026-12-01', withdraw_weeks: 4 }, until, [])).toBe('2026-12-01')
    expect(withdrawUntil({ withdraw_until: null, withdraw_weeks: 4 }, until, ['2026-10-05'])).toBe('2026-11-02')
  })
})

describe('a later day', () => {
  it('crosses months and changes of the clocks', () => {
    expect(later('2026-10-24', 7)).toBe('2026-10-31')
    expect(later('2026-12-31', 1)).toBe('2027-01-01')
  })
})
