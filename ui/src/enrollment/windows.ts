import type { StudentOut, WindowOut } from '@/api/schema'

/** When a student may register, as the windows of a term say it; holds and deadlines are told elsewhere. */
export type Access =
  | { state: 'open', window: WindowOut, until: string, limit: number | null }
  | { state: 'coming', window: WindowOut }
  | { state: 'closed', window: WindowOut }
  | { state: 'none' }

export type Person = Pick<StudentOut, 'program' | 'stage' | 'groups'> & { earned: number }

/** The windows whose audience holds the student; an empty audience is everybody. */
export function windowsFor(windows: readonly WindowOut[], person: Person): WindowOut[] {
  return windows.filter(window =>
    holds(window.program, person.program)
    && holds(window.stage, person.stage)
    && (window.group.length === 0 || window.group.some(group => person.groups.includes(group)))
    && person.earned >= window.min_ects)
}

/** What the windows mean for a student at a moment; opening counts, closing does not, as the server judges it. */
export function accessAt(now: number, windows: readonly WindowOut[], person: Person): Access {
  const mine = windowsFor(windows, person)
  const open = mine.filter(window => Date.parse(window.opens_at) <= now && now < Date.parse(window.closes_at))
  const last = open.toSorted(byClosing).at(-1)
  if (last) return { state: 'open', window: last, until: last.closes_at, limit: mostGenerous(open) }
  const next = mine.filter(window => Date.parse(window.opens_at) > now).toSorted((a, b) => Date.parse(a.opens_at) - Date.parse(b.opens_at))[0]
  if (next) return { state: 'coming', window: next }
  const past = mine.toSorted(byClosing).at(-1)
  return past ? { state: 'closed', window: past } : { state: 'none' }
}

/** The smallest of the limits that are set, or null without any. */
export function smallest(...limits: (number | null | undefined)[]): number | null {
  const set = limits.filter(limit => limit !== null && limit !== undefined)
  return set.length > 0 ? Math.min(...set) : null
}

function mostGenerous(windows: readonly WindowOut[]): number | null {
  return windows.some(window => window.max_ects === null) ? null : Math.max(...windows.map(window => window.max_ects ?? 0))
}

function holds<T>(audience: readonly T[], value: T | null): boolean {
  return audience.length === 0 || (value !== null && audience.includes(value))
}

function byClosing(a: WindowOut, b: WindowOut): number {
  return Date.parse(a.closes_at) - Date.parse(b.closes_at)
}
