import type { SubstitutionIn, SubstitutionOut } from '@/api/schema'

export type Weekday = NonNullable<SubstitutionIn['runs_as']>
export const WEEKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** A day that differs, as the form has it: empty fields say nothing. */
export interface ChangedDay { date: string, runs_as: Weekday | 'off', parity: '' | 'odd' | 'even', from: string }

export interface Day { date: string, inTerm: boolean, off: boolean, runsAs: Weekday, parity: 'odd' | 'even', from: string, changed: boolean }

export interface Week { number: number, parity: 'odd' | 'even', days: Day[] }

const DAY = 86_400_000
const at = (date: string) => Date.parse(`${date}T00:00:00Z`)
const told = (moment: number) => new Date(moment).toISOString().slice(0, 10)

export function changedDayOf(told: SubstitutionOut): ChangedDay {
  return { date: told.date, runs_as: told.off ? 'off' : told.runs_as as Weekday, parity: (told.parity ?? '') as ChangedDay['parity'], from: told.from ?? '' }
}

export function substitutionOf(day: ChangedDay): SubstitutionIn {
  if (day.runs_as === 'off') return { date: day.date, off: true }
  return { date: day.date, runs_as: day.runs_as, ...(day.parity ? { parity: day.parity } : {}), ...(day.from ? { from: day.from } : {}) }
}

/** The Monday of the week that holds a date. */
function mondayOf(date: string): number {
  return at(date) - ((new Date(at(date)).getUTCDay() + 6) % 7) * DAY
}

/** Whether a text is a date that exists. */
export function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at(text)) && told(at(text)) === text
}

/** The months of a term, as `2026-10`; none while its dates make no sense. */
export function monthsOf(starts: string, ends: string): string[] {
  if (!isDate(starts) || !isDate(ends) || ends < starts) return []
  const months: string[] = []
  const [year = 0, month = 1] = starts.split('-').map(Number)
  for (let step = month - 1; months.length < 130; step++) {
    const name = told(Date.UTC(year, step, 1)).slice(0, 7)
    if (name > ends.slice(0, 7)) break
    months.push(name)
  }
  return months
}

/** The weeks of a month, each day as what it runs; weeks are counted from the one that holds the term's first day. */
export function weeksOf(month: string, starts: string, ends: string, changes: readonly ChangedDay[]): Week[] {
  const first = mondayOf(starts)
  const changed = new Map(changes.map(change => [change.date, change]))
  const weeks: Week[] = []
  const [year = 0, number = 1] = month.split('-').map(Number)
  const last = Date.UTC(year, number, 0)
  for (let monday = mondayOf(`${month}-01`); monday <= last; monday += 7 * DAY) {
    const week = Math.round((monday - first) / (7 * DAY)) + 1
    const parity = week % 2 === 0 ? 'even' : 'odd'
    const days = WEEKDAYS.map((own, index) => dayOf(told(monday + index * DAY), own, parity, changed))
    weeks.push({ number: week, parity, days: days.map(day => ({ ...day, inTerm: day.date >= starts && day.date <= ends && day.date.startsWith(month) })) })
  }
  return weeks
}

function dayOf(date: string, own: Weekday, parity: 'odd' | 'even', changes: ReadonlyMap<string, ChangedDay>): Day {
  const change = changes.get(date)
  const plain = { date, inTerm: true, off: false, runsAs: own, parity, from: '', changed: false }
  if (!change) return plain
  if (change.runs_as === 'off') return { ...plain, off: true, changed: true }
  return { ...plain, runsAs: change.runs_as, parity: change.parity || parity, from: change.from, changed: true }
}
