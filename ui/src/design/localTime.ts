/** A wall clock's time as `datetime-local` has it, `2026-10-25T02:30`, of a moment in a time zone. */
export function localOf(instant: string, zone: string): string {
  return wallClock(Date.parse(instant), zone)
}

/**
 * The moment at which a wall clock of the time zone shows this time, as RFC 3339 in UTC.
 *
 * A time that comes twice, when clocks go back, is the first of the two; one that never comes, when they go forward,
 * is as much later as they were put. What is no time at all is returned as it is, for the API to refuse.
 */
export function instantOf(local: string, zone: string): string {
  const asUtc = Date.parse(`${local}Z`)
  if (Number.isNaN(asUtc)) return local
  const before = asUtc - offset(asUtc - DAY, zone)
  const after = asUtc - offset(asUtc + DAY, zone)
  const shown = local.slice(0, 16)
  const fitting = [before, after].filter(moment => wallClock(moment, zone) === shown)
  return new Date(fitting.length ? Math.min(...fitting) : before).toISOString().replace('.000Z', 'Z')
}

const DAY = 86_400_000

/** How far the zone's clocks are ahead of UTC at a moment, in milliseconds. */
function offset(moment: number, zone: string): number {
  const whole = Math.floor(moment / 60_000) * 60_000
  return Date.parse(`${wallClock(whole, zone)}Z`) - whole
}

function wallClock(moment: number, zone: string): string {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' })
  const parts = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]))
  return `${parts.year?.padStart(4, '0') ?? ''}-${parts.month ?? ''}-${parts.day ?? ''}T${parts.hour ?? ''}:${parts.minute ?? ''}`
}
