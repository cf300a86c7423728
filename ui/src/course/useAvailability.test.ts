import { describe, expect, it } from 'vitest'
import { learn } from './useAvailability'

const seats = (open: number) => ({ capacity: 10, open, taken: 10 - open, waiting: 0 })

describe('the seats that are known', () => {
  it('take over what changed and keep the rest', () => {
    const known = { version: 3, seats: { a: seats(5), b: seats(1) } }

    expect(learn(known, { version: 4, sections: [{ id: 'b', ...seats(0) }] })).toEqual({ version: 4, seats: { a: seats(5), b: seats(0) } })
  })

  it('stay the same object while nothing changes, so that nothing is drawn again', () => {
    const known = { version: 3, seats: { a: seats(5) } }

    expect(learn(known, { version: 5, sections: [] }).seats).toBe(known.seats)
  })
})
