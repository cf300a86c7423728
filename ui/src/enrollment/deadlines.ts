import type { OfferingOut, TermOut } from '@/api/schema'

type Which = 'drop' | 'withdraw'
type OfOffering<W extends Which> = Pick<OfferingOut, `${W}_until` | `${W}_weeks`>

/** The last day on which the sections of an offering may be given back. */
export function dropUntil(offering: OfOffering<'drop'> | undefined, term: Pick<TermOut, 'drop_until' | 'starts_on'>, firstMeetings: readonly string[]): string {
  return lastDay(offering?.drop_until, offering?.drop_weeks, term.drop_until, term.starts_on, firstMeetings)
}

/** The last day on which a course may be left with a mark. */
export function withdrawUntil(offering: OfOffering<'withdraw'> | undefined, term: Pick<TermOut, 'withdraw_until' | 'starts_on'>, firstMeetings: readonly string[]): string {
  return lastDay(offering?.withdraw_until, offering?.withdraw_weeks, term.withdraw_until, term.starts_on, firstMeetings)
}

/** The offering's own day, or so many weeks after the first meeting (of several sections the earliest day), else the term's. */
function lastDay(own: string | null | undefined, weeks: number | null | undefined, general: string, starts: string, firstMeetings: readonly string[]): string {
  if (own) return own
  if (weeks === null || weeks === undefined) return general
  return later(firstMeetings.toSorted()[0] ?? starts, weeks * 7)
}

/** A day, `2026-10-01`, so many days later. */
export function later(day: string, days: number): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}
