/** A term's real dates, week by week: pure. */
import type { OccurrenceOut, SubstitutionOut, TermOut, TimetableSectionOut } from '@/api/schema'
import { type Day, DAYS } from './week'

const DAY = 86_400_000

/** The day, `2026-10-01`, so many days later. */
export function daysLater(date: string, days: number): string {
  return new Date(Date.parse(`${date}T12:00:00Z`) + days * DAY).toISOString().slice(0, 10)
}

/** The weekday of a date. */
export function weekdayOf(date: string): Day {
  return DAYS[(new Date(`${date}T12:00:00Z`).getUTCDay() + 6) % 7] ?? 'mon'
}

/** The Monday of a date's week. */
export function mondayOf(date: string): string {
  return daysLater(date, -DAYS.indexOf(weekdayOf(date)))
}

/** The dates of a week by weekday. */
export function datesOf(monday: string): Record<Day, string> {
  return Object.fromEntries(DAYS.map((day, index) => [day, daysLater(monday, index)])) as Record<Day, string>
}

/** The Mondays of a term's weeks, and of weeks outside of it in which something takes place. */
export function weeksOf(term: Pick<TermOut, 'starts_on' | 'ends_on'>, occurrences: readonly Pick<OccurrenceOut, 'date'>[]): string[] {
  const found = new Set(occurrences.map(one => mondayOf(one.date)))
  for (let monday = mondayOf(term.starts_on); monday <= term.ends_on; monday = daysLater(monday, 7)) found.add(monday)
  return [...found].toSorted()
}

/** The week to begin with: the one asked for, this one, else the first in which something takes place. */
export function firstWeek(weeks: readonly string[], occurrences: readonly Pick<OccurrenceOut, 'date'>[], today: string, wanted: unknown): string {
  const asked = typeof wanted === 'string' && /^\d{4}-\d\d-\d\d$/.test(wanted) && !Number.isNaN(Date.parse(wanted)) ? mondayOf(wanted) : ''
  if (weeks.includes(asked)) return asked
  if (weeks.includes(mondayOf(today))) return mondayOf(today)
  const busy = new Set(occurrences.map(one => mondayOf(one.date)))
  return weeks.find(monday => busy.has(monday)) ?? weeks[0] ?? mondayOf(today)
}

/** What the term's calendar changes in a week, by weekday. */
export function changesIn(calendar: readonly SubstitutionOut[], monday: string): Partial<Record<Day, SubstitutionOut[]>> {
  return Object.fromEntries(Object.entries(datesOf(monday))
    .map(([day, date]) => [day, calendar.filter(change => change.date === date)] as const)
    .filter(([, changes]) => changes.length > 0))
}

/** Occurrences by date, in order of time. */
export function byDate(occurrences: readonly OccurrenceOut[]): { date: string, occurrences: OccurrenceOut[] }[] {
  const found = new Map<string, OccurrenceOut[]>()
  for (const one of occurrences.toSorted((a, b) => `${a.date} ${a.start}`.localeCompare(`${b.date} ${b.start}`))) {
    found.set(one.date, [...found.get(one.date) ?? [], one])
  }
  return [...found].map(([date, all]) => ({ date, occurrences: all }))
}

/** Sections that have no time of their own. */
export function withoutTimes(sections: readonly TimetableSectionOut[]): TimetableSectionOut[] {
  return sections.filter(section => !section.meetings.some(meeting => meeting.start && meeting.end))
}
