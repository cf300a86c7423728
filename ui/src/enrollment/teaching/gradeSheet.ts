/** What is typed on a sheet of grades, and what the API is to be told of it: pure. */
import { Refused } from '@/api/problem'
import type { FaultOut, RosterRowOut, RowIn, ScaleOut } from '@/api/schema'

/** What was typed beside a student; `again` where it is the grade of a second attempt and not a correction. */
export interface Entry { grade: string, again: boolean, reason: string, version: number }

/** The grade that a text means, as the scale writes it: `4`, `4,0` and ` 4.0 ` are one; null for none. */
export function gradeOf(scale: ScaleOut, text: string): string | null {
  const word = text.trim().replace(',', '.').toLowerCase()
  const whole = /^[2-5]$/.test(word) ? `${word}.0` : word
  return scale.allowed.find(grade => grade.toLowerCase() === whole) ?? null
}

/** Whether the grade that a student has may be followed by that of a second attempt. */
export function mayTryAgain(scale: ScaleOut, grade: string | null): boolean {
  return grade !== null && scale.attempts > 1 && scale.failing.includes(gradeOf(scale, grade) ?? '')
}

/** An entry for a row as it is now: what was typed stays, what it would be is seen anew when the row has changed. */
export function renewedEntry(scale: ScaleOut, row: RosterRowOut, before?: Entry): Entry {
  if (before?.version === row.version) return before
  return { grade: before?.grade ?? '', reason: before?.reason ?? '', again: mayTryAgain(scale, row.grade), version: row.version }
}

/** Whether what was typed changes a grade that stands, so that somebody must say why. */
export function isCorrection(scale: ScaleOut, row: RosterRowOut, entry: Entry): boolean {
  return row.grade !== null && !entry.again && entry.grade.trim() !== '' && gradeOf(scale, entry.grade) !== gradeOf(scale, row.grade)
}

/** A row as the API takes it, good only for the version of the enrollment that is shown. */
export function bodyOf(row: RosterRowOut, entry: Entry): RowIn {
  const how = row.grade === null ? {} : entry.again ? { attempt: 2 } : entry.reason.trim() ? { reason: entry.reason.trim() } : {}
  return { enrollment_id: row.enrollment_id, grade: entry.grade.trim(), version: row.version, ...how }
}

/** The faults of a refusal by enrollment: the API names rows by their place in what was sent. */
export function faultsByRow(error: unknown, sent: readonly RosterRowOut[]): Map<string, FaultOut[]> {
  const faults = error instanceof Refused ? error.problem.errors ?? [] : []
  const found = new Map<string, FaultOut[]>()
  for (const fault of faults) {
    const row = sent[Number(/^grades\[(\d+)\]/.exec(fault.field)?.[1])]
    if (row) found.set(row.enrollment_id, [...(found.get(row.enrollment_id) ?? []), fault])
  }
  return found
}
