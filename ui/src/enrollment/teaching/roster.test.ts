import { describe, expect, it } from 'vitest'
import type { RosterRowOut } from '@/api/schema'
import { folded, ordered, searched } from './roster'

function row(family_name: string, facts: Partial<RosterRowOut> = {}): RosterRowOut {
  return { enrollment_id: family_name, student_id: family_name, number: null, given_name: 'Anna', family_name, email: null, program: 'INF', stage: 1, status: 'enrolled', created_at: '2026-10-01T00:00:00Z', grade: null, version: 1, ...facts }
}

const names = (rows: RosterRowOut[]) => rows.map(one => one.family_name)

describe('searching a roster', () => {
  it('needs no diacritics and no case', () => {
    expect(folded('ŻÓŁĆ gęślą JAŹŃ')).toBe('zolc gesla jazn')
    expect(names(searched([row('Żółć'), row('Nowak')], 'zol'))).toEqual(['Żółć'])
  })

  it('finds every word anywhere', () => {
    const rows = [row('Nowak', { number: '100001' }), row('Nowak-Kowalska', { number: '200002' })]
    expect(names(searched(rows, 'anna 2000'))).toEqual(['Nowak-Kowalska'])
    expect(names(searched(rows, '  '))).toEqual(names(rows))
    expect(searched(rows, 'nowak xyz')).toEqual([])
  })
})

describe('ordering a roster', () => {
  it('puts Polish letters where Polish has them', () => {
    expect(names(ordered([row('Łaska'), row('Mak'), row('Lis')], 'name', 'pl'))).toEqual(['Lis', 'Łaska', 'Mak'])
  })

  it('orders numbers as numbers, and equals by name', () => {
    expect(names(ordered([row('B', { number: '100' }), row('A', { number: '99' })], 'number', 'pl'))).toEqual(['A', 'B'])
    expect(names(ordered([row('B'), row('A')], 'program', 'pl'))).toEqual(['A', 'B'])
  })

  it('orders by when the place was taken', () => {
    expect(names(ordered([row('A', { created_at: '2026-10-02T00:00:00Z' }), row('B')], 'created', 'en'))).toEqual(['B', 'A'])
  })
})
