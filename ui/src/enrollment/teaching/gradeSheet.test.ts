import { describe, expect, it } from 'vitest'
import { Refused } from '@/api/problem'
import type { RosterRowOut, ScaleOut } from '@/api/schema'
import { bodyOf, faultsByRow, gradeOf, isCorrection, renewedEntry } from './gradeSheet'

const PL: ScaleOut = { name: 'pl', attempts: 2, failing: ['2.0'], allowed: ['2.0', '3.0', '3.5', '4.0', '4.5', '5.0'] }
const US: ScaleOut = { name: 'us', attempts: 1, failing: ['F'], allowed: ['F', 'D', 'C', 'B', 'A'] }

function row(grade: string | null, facts: Partial<RosterRowOut> = {}): RosterRowOut {
  return { enrollment_id: 'e', student_id: 's', number: '1', given_name: 'Anna', family_name: 'Żak', email: null, program: null, stage: null, status: 'enrolled', created_at: '2026-10-01T00:00:00Z', grade, version: 7, ...facts }
}

it('knows a grade however it is written', () => {
  expect(['4', '4,5', ' 5.0 ', '4.1', ''].map(text => gradeOf(PL, text))).toEqual(['4.0', '4.5', '5.0', null, null])
  expect([gradeOf(US, 'b'), gradeOf(US, '4')]).toEqual(['B', null])
})

describe('what a typed grade comes to', () => {
  it('is the first one of whoever has none, for the version that is shown', () => {
    expect(bodyOf(row(null), { ...renewedEntry(PL, row(null)), grade: ' 4,5' })).toEqual({ enrollment_id: 'e', grade: '4,5', version: 7 })
  })

  it('is that of the second attempt after a failing one, where the scale has a second', () => {
    const entry = { ...renewedEntry(PL, row('2.0')), grade: '3' }
    expect(bodyOf(row('2.0'), entry)).toMatchObject({ attempt: 2 })
    expect(isCorrection(PL, row('2.0'), entry)).toBe(false)
    expect(renewedEntry(US, row('F')).again).toBe(false)
  })

  it('is a correction with its reason after any other', () => {
    const entry = { ...renewedEntry(PL, row('4.0')), grade: '4.5', reason: ' Added up wrongly. ' }
    expect(isCorrection(PL, row('4.0'), entry)).toBe(true)
    expect(bodyOf(row('4.0'), entry)).toMatchObject({ reason: 'Added up wrongly.' })
    expect(isCorrection(PL, row('4.0'), { ...entry, grade: '4' })).toBe(false)
  })
})

it('keeps what was typed when somebody else posts first, and sees anew what it would be', () => {
  const before = { ...renewedEntry(PL, row('2.0')), grade: '3.0' }

  expect(renewedEntry(PL, row('2.0'), before)).toBe(before)
  expect(renewedEntry(PL, row('3.5', { version: 8 }), before)).toEqual({ grade: '3.0', again: false, reason: '', version: 8 })
})

it('finds the row of each fault', () => {
  const errors = [{ field: 'grades[1].grade', message: 'No such grade.', code: 'grade-not-on-scale' }]
  const refused = new Refused({ type: 'about:blank', title: '', status: 422, code: 'grades-refused', errors })

  expect([...faultsByRow(refused, [row(null), row(null, { enrollment_id: 'second' })])]).toEqual([['second', errors]])
})
