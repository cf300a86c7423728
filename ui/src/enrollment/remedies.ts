import type { Remedy, Violation } from '@/api/problem'
import type { ConsentRequestIn } from '@/api/schema'
import type { Bundle } from './planItems'

/** Changes that a page can make for its reader; the rest is told in words. */
export const APPLICABLE = ['add-section', 'choose-section', 'remove-section', 'remove-item', 'drop-enrollment', 'join-waitlist'] as const

export function isApplicable(remedy: Remedy, actions: readonly string[] = APPLICABLE): boolean {
  return actions.includes(remedy.action)
}

/** A parameter that is a text, or nothing. */
export function text(of: { params: Record<string, unknown> }, name: string): string {
  const value = of.params[name]
  return typeof value === 'string' ? value : ''
}

/** What a remedy makes of the bundle it is about; null where it is not about a bundle's sections. */
export function remedied(bundle: Bundle, remedy: Remedy): string[] | null {
  const section = text(remedy, 'section_id')
  switch (remedy.action) {
    case 'add-section': return [...new Set([...bundle, section])]
    case 'choose-section': return [...new Set(bundle.map(one => (one === text(remedy, 'instead_of') ? section : one)))]
    case 'remove-section': return bundle.filter(one => one !== section)
    default: return null
  }
}

/** The courses that a remedy asks to complete or to take, by code. */
export function coursesOf(remedy: Remedy): string[] {
  if (remedy.action === 'add-course') return [text(remedy, 'course')]
  const demands = remedy.params.demands
  if (!Array.isArray(demands)) return []
  return (demands as { kind?: string, course?: string }[]).flatMap(demand => (demand.kind === 'course' && demand.course ? [demand.course] : []))
}

const ASKS = new Set(['ask-consent', 'ask-permission'])

/** What somebody may be asked to allow. */
export type Ask = Pick<ConsentRequestIn, 'section_id' | 'rules'> & { asked_of: NonNullable<ConsentRequestIn['asked_of']> }

/**
 * What a remedy asks somebody to allow, or null where it asks nobody.
 *
 * Only one request about a section can wait for an answer, so that it names whatever the same people may allow there.
 */
export function askOf(remedy: Remedy, violations: readonly Violation[]): Ask | null {
  const section = text(remedy, 'section_id')
  const asked = text(remedy, 'asked_of')
  if (!ASKS.has(remedy.action) || !section || !asked) return null
  const alike = violations.flatMap(one => one.remedies).filter(one => ASKS.has(one.action) && text(one, 'section_id') === section && text(one, 'asked_of') === asked)
  return { section_id: section, asked_of: asked as Ask['asked_of'], rules: [...new Set([remedy, ...alike].flatMap(one => one.params.rules as Ask['rules']))] }
}

/** Reasons that are the same for a whole request, whatever it asks for. */
const REQUEST_WIDE = new Set(['student-not-active', 'hold', 'window-not-open', 'window-closed', 'credit-limit'])

/** Tells reasons apart by what is said, not by the ways out. */
export function nameOf(violation: Violation): string {
  return `${violation.code} ${violation.message}`
}

/**
 * Part the reasons of each item into those of the whole request, told once, and each item's own.
 *
 * A reason is the request's when every item that adds something has it, and its rule is not about one course.
 */
export function parted(items: readonly (readonly Violation[])[]): { whole: Violation[], own: Violation[][] } {
  const shared = new Map<string, Violation>()
  for (const violation of items.flat()) {
    const name = nameOf(violation)
    if (!REQUEST_WIDE.has(violation.code) || !items.every(one => one.some(other => nameOf(other) === name))) continue
    const before = shared.get(name)
    shared.set(name, before ? { ...before, remedies: merged(before.remedies, violation.remedies) } : violation)
  }
  return { whole: [...shared.values()], own: items.map(one => one.filter(violation => !shared.has(nameOf(violation)))) }
}

function merged(some: readonly Remedy[], more: readonly Remedy[]): Remedy[] {
  const told = new Set(some.map(remedy => remedy.message))
  return [...some, ...more.filter(remedy => !told.has(remedy.message))]
}

