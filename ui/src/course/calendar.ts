import type { TermOut } from '@/api/schema'
import type { Meeting } from './useWords'

/** One concrete meeting. */
export interface Occurrence { date: string, start: string, end: string }
export type TermDays = Pick<TermOut, 'starts_on' | 'ends_on' | 'calendar'>
interface Slot { date: string, week: number, parity: string, since: string, until: string }

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof WEEKDAYS)[number]
const DAY = 86_400_000

export function weekdayOf(date: string): Weekday {
  return WEEKDAYS[(new Date(date).getUTCDay() + 6) % 7] ?? 'mon'
}

/** Tells a term's concrete meetings as the university counts them; see `rules/calendar.py` of course, whose words these are. */
export function calendarOf(term: TermDays): (meetings: readonly Meeting[]) => Occurrence[] {
  const slots = slotsOf(term)
  return meetings => meetings.flatMap(meeting => datesOf(meeting, term, slots)
    .map(date => ({ date, start: meeting.start ?? '', end: meeting.end ?? '' })))
}

function datesOf(meeting: Meeting, term: TermDays, slots: Map<string, Slot[]>): string[] {
  const start = meeting.start
  if (!start || !meeting.end) return []
  if (meeting.dates?.length) return meeting.dates.filter(date => term.starts_on <= date && date <= term.ends_on)
  return (meeting.days ?? []).flatMap(day => slots.get(day) ?? [])
    .filter(slot => slot.since <= start && start < slot.until && isInWeek(meeting.weeks ?? 'all', slot))
    .map(slot => slot.date)
}

function isInWeek(weeks: string, slot: Slot): boolean {
  if (weeks === 'all') return true
  if (weeks === 'odd' || weeks === 'even') return weeks === slot.parity
  return weeks.split(',').some((range) => {
    const [first, last] = range.split('-').map(Number)
    return first !== undefined && first <= slot.week && slot.week <= (last ?? first)
  })
}

/** The dates on which each weekday's meetings take place. Week 1 is the one that holds the term's first day. */
function slotsOf(term: TermDays): Map<string, Slot[]> {
  const changed = new Map(term.calendar.map(change => [change.date, change]))
  const first = Date.parse(term.starts_on)
  const monday = first - WEEKDAYS.indexOf(weekdayOf(term.starts_on)) * DAY
  const slots = new Map<string, Slot[]>()
  for (let moment = first; moment <= Date.parse(term.ends_on); moment += DAY) {
    const week = Math.floor((moment - monday) / (7 * DAY)) + 1
    const date = new Date(moment).toISOString().slice(0, 10)
    for (const [day, slot] of runs(date, week, changed.get(date))) slots.set(day, [...(slots.get(day) ?? []), slot])
  }
  return slots
}

/** The weekdays that a date runs as, and in which hours. */
function runs(date: string, week: number, change?: TermOut['calendar'][number]): [string, Slot][] {
  const slot = { date, week, parity: week % 2 === 1 ? 'odd' : 'even', since: '00:00', until: '24:00' }
  if (!change) return [[weekdayOf(date), slot]]
  if (!change.runs_as) return []
  const own: [string, Slot][] = change.from ? [[weekdayOf(date), { ...slot, until: change.from }]] : []
  return [...own, [change.runs_as, { ...slot, parity: change.parity ?? slot.parity, since: change.from ?? '00:00' }]]
}
