import { describe, expect, it } from 'vitest'
import type { SectionOut } from '@/api/schema'
import { choose, fits, given, groupsOf, missing } from './bundle'

function section(id: string, component: string, facts: Partial<SectionOut> = {}): SectionOut {
  return {
    id, component, number: id, parent_id: null, shares_seats_with: null, status: 'open', offering_id: 'o', version: 1, capacity: null, waitlist_capacity: null, language: null,
    meetings: [], instructors: [], reserved: [], restrictions: [], availability: { capacity: null, open: null, taken: 0, waiting: 0, held: 0 }, ...facts,
  }
}

const two = {
  required_components: ['exercise', 'lecture'],
  sections: [section('W1', 'lecture'), section('W2', 'lecture'), section('C1', 'exercise', { parent_id: 'W1' }), section('C2', 'exercise', { parent_id: 'W2' })],
}
const any = { required_components: [], sections: [section('J1', 'exercise'), section('J2', 'exercise')] }

describe('a bundle of sections', () => {
  it('needs one of each required component', () => {
    expect(groupsOf(two).map(group => group.sections.map(one => one.id))).toEqual([['C1', 'C2'], ['W1', 'W2']])
    expect(missing(two, ['W1']).map(group => group.component)).toEqual(['exercise'])
  })

  it('needs one section at all where nothing is required', () => {
    expect(groupsOf(any)).toHaveLength(1)
    expect(choose(any, ['J1'], 'J2')).toEqual(['J2'])
  })

  it('takes the lecture along that an exercise class belongs to', () => {
    expect(choose(two, [], 'C2')).toEqual(['W2', 'C2'])
    expect(choose(two, ['W1', 'C1'], 'C2')).toEqual(['W2', 'C2'])
  })

  it('gives up an exercise class that does not belong to the lecture any more', () => {
    expect(choose(two, ['W1', 'C1'], 'W2')).toEqual(['W2'])
  })

  it('begins with what has no alternative, and never with a closed section', () => {
    const one = { required_components: ['exercise', 'lecture'], sections: [section('W1', 'lecture'), section('W2', 'lecture', { status: 'closed' }), section('C1', 'exercise'), section('C2', 'exercise')] }

    expect(given(one)).toEqual(['W1'])
    expect(given(any)).toEqual([])
  })

  it('leaves out canceled sections', () => {
    const sections = [section('J1', 'exercise', { status: 'canceled' }), section('J2', 'exercise')]

    expect(groupsOf({ required_components: [], sections })[0]?.sections.map(one => one.id)).toEqual(['J2'])
  })

  it('fits where each group has a free section with a free lecture above it', () => {
    const free = (...ids: string[]) => (one: SectionOut) => ids.includes(one.id)

    expect(fits(two, free('W1', 'C1'))).toBe(true)
    expect(fits(two, free('W1', 'C2'))).toBe(false)
    expect(fits(two, free('W1', 'W2'))).toBe(false)
  })
})
