import { describe, expect, it } from 'vitest'
import type { WindowOut } from '@/api/schema'
import { accessAt, type Person, smallest, windowsFor } from './windows'

const NOW = Date.parse('2026-11-23T12:00:00Z')

function window(facts: Partial<WindowOut> = {}): WindowOut {
  return { id: 'w', version: 1, term_id: 't', name: 'General', opens_at: '2026-11-20T06:00:00Z', closes_at: '2026-12-01T22:00:00Z', program: [], stage: [], group: [], min_ects: 0, max_ects: null, ...facts }
}

const person: Person = { program: 'INF', stage: 2, groups: ['erasmus'], earned: 60 }

describe('the windows of a student', () => {
  it('are those for everybody', () => {
    expect(windowsFor([window()], { program: null, stage: null, groups: [], earned: 0 })).toHaveLength(1)
  })

  it.each([
    ['another program', { program: ['MAT'] }],
    ['another stage', { stage: [1, 3] }],
    ['another group', { group: ['honors'] }],
    ['more credits earned', { min_ects: 61 }],
  ])('are not those for %s', (_, facts) => {
    expect(windowsFor([window(facts)], person)).toEqual([])
  })

  it.each([
    ['the program', { program: ['MAT', 'INF'] }],
    ['the stage', { stage: [2] }],
    ['one of the groups', { group: ['honors', 'erasmus'] }],
    ['just enough credits', { min_ects: 60 }],
  ])('are those for %s', (_, facts) => {
    expect(windowsFor([window(facts)], person)).toHaveLength(1)
  })
})

describe('access to registration', () => {
  it('is open from the moment of opening to the moment before closing', () => {
    const one = window({ opens_at: '2026-11-23T12:00:00Z', closes_at: '2026-11-23T13:00:00Z' })
    expect(accessAt(NOW, [one], person).state).toBe('open')
    expect(accessAt(NOW + 3_600_000, [one], person).state).toBe('closed')
    expect(accessAt(NOW - 1, [one], person).state).toBe('coming')
  })

  it('lasts until the last open window closes, with the most generous limit', () => {
    const short = window({ id: 'short', max_ects: 40 })
    const long = window({ id: 'long', closes_at: '2027-01-01T00:00:00Z', max_ects: 30 })
    expect(accessAt(NOW, [long, short], person)).toMatchObject({ state: 'open', until: '2027-01-01T00:00:00Z', limit: 40 })
    expect(accessAt(NOW, [long, window()], person)).toMatchObject({ limit: null })
  })

  it('comes with the next window of the student', () => {
    const later = window({ id: 'later', opens_at: '2026-12-02T00:00:00Z', closes_at: '2026-12-05T00:00:00Z' })
    const next = window({ id: 'next', opens_at: '2026-11-24T00:00:00Z' })
    const others = window({ id: 'others', opens_at: '2026-11-23T13:00:00Z', program: ['MAT'] })
    expect(accessAt(NOW, [later, next, others], person)).toMatchObject({ state: 'coming', window: { id: 'next' } })
  })

  it('is none without a window of the student', () => {
    expect(accessAt(NOW, [window({ stage: [1] })], person)).toEqual({ state: 'none' })
  })
})

describe('the limit in force', () => {
  it('is the smallest that is set', () => {
    expect(smallest(null, 36, 40)).toBe(36)
    expect(smallest(null, undefined)).toBeNull()
  })
})
