import type { OfferingOut, TermOut } from '@/api/schema'

/**
 * The last day on which the sections of an offering may be given back: the offering's own day, or so many weeks after
 * the first meeting (of several sections the earliest day), else the term's.
 */
export function dropUntil(offering: Pick<OfferingOut, 'drop_until' | 'drop_weeks'> | undefined, term: Pick<TermOut, 'drop_until' | 'starts_on'>, firstMeetings: readonly string[]): string {
  if (offering?.drop_until) return offering.drop_until
  if (offering?.drop_weeks === null || offering?.drop_weeks === undefined) return term.drop_until
  const first = firstMeetings.toSorted()[0] ?? term.starts_on
  return later(first, offering.drop_weeks * 7)
}

/** A day, `2026-10-01`, so many days later. */
export function later(day: string, days: number): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}
