import { type Occurrence, type Weekday, weekdayOf } from './calendar'

/** A concrete meeting of one's own timetable. */
export interface Taken extends Occurrence { course: { code: string | null } }

/** Meetings at the same time as those of another course: when that one begins, and on which dates they meet. */
export interface Clash { course: string, day: Weekday, start: string, dates: string[] }

/** Where meetings overlap what is taken, on concrete dates; touching ends do not. A course does not stand in its own way. */
export function clashesOf(wanted: readonly Occurrence[], taken: ReadonlyMap<string, readonly Taken[]>, course: string): Clash[] {
  const found = new Map<string, Clash>()
  for (const one of wanted) {
    for (const other of taken.get(one.date) ?? []) {
      if (other.course.code === course || other.start >= one.end || one.start >= other.end) continue
      note(found, one.date, other)
    }
  }
  return [...found.values()]
}

function note(found: Map<string, Clash>, date: string, other: Taken): void {
  const day = weekdayOf(date)
  const course = other.course.code ?? ''
  const key = `${course} ${day} ${other.start}`
  const clash = found.get(key) ?? { course, day, start: other.start, dates: [] }
  if (!clash.dates.includes(date)) clash.dates.push(date)
  found.set(key, clash)
}

export function byDate(occurrences: readonly Taken[]): Map<string, Taken[]> {
  const groups = new Map<string, Taken[]>()
  for (const one of occurrences) groups.set(one.date, [...(groups.get(one.date) ?? []), one])
  return groups
}
