/** The request that a plan makes, and what its judgement says of each part of the plan. */
import type { Violation } from '@/api/problem'
import type { RegistrationRequestIn, RegistrationRequestOut, RequestItemIn, RequestMode } from '@/api/schema'
import type { Bundle } from './planItems'
import { parted } from './remedies'

export interface Judged { request: RegistrationRequestIn, answer: RegistrationRequestOut }

/** A place that is given back with the plan; `instead` is the key of the bundle in whose favor, if it is for one. */
export interface Giving { id: string, instead?: string | undefined }

/** What a plan asks for; `waits` are the keys of bundles that are waited for where there is no seat. */
export interface Wishes { term: string, bundles: readonly Bundle[], drops: readonly Giving[], waits: readonly string[], mode: RequestMode }

/**
 * One request for all of a plan: first what is given back, then what is asked for; null where nothing is asked for.
 *
 * A place that makes room for a bundle that may have to wait is given back only when that one is had: the two are a swap.
 */
export function requestOf({ term, bundles, drops, waits, mode }: Wishes): RegistrationRequestIn | null {
  if (bundles.length === 0 || term === '') return null
  const swapped = new Map<string, string>()
  for (const { id, instead } of drops) if (instead !== undefined && waits.includes(instead) && !swapped.has(instead) && bundles.some(one => keyOf({ section_ids: one }) === instead)) swapped.set(instead, id)
  const given = drops.filter(({ id }) => ![...swapped.values()].includes(id))
  const items = [
    ...given.map(({ id }): RequestItemIn => ({ action: 'drop', enrollment_id: id })),
    ...bundles.map(bundle => addOf(bundle, swapped, waits)),
  ]
  return { student_id: 'me', term_id: term, mode, dry_run: false, items }
}

function addOf(bundle: Bundle, swapped: ReadonlyMap<string, string>, waits: readonly string[]): RequestItemIn {
  const key = keyOf({ section_ids: bundle })
  const wish = { section_ids: [...bundle], ...(waits.includes(key) ? { waitlist: true } : {}) }
  const leaving = swapped.get(key)
  return leaving === undefined ? { action: 'add', ...wish } : { action: 'swap', drop_enrollment_id: leaving, ...wish }
}

/** Names what an item of a request is about, wherever it stands. */
export function keyOf(item: { section_ids?: Bundle, enrollment_id?: string }): string {
  return item.enrollment_id ?? [...(item.section_ids ?? [])].sort().join('+')
}

/** Whether a reason stands in the way; warnings, and what a permission allows, do not. */
export function forbids(violation: Violation): boolean {
  return violation.severity === 'fatal'
}

/** The reasons against the request as a whole, and by what each item is about. */
export function reasonsOf({ request, answer }: Judged): { whole: Violation[], own: Map<string, Violation[]> } {
  const told = request.items.map((item, at) => ({ item, violations: answer.items[at]?.violations ?? [] }))
  const adds = told.filter(one => one.item.section_ids !== undefined)
  const { whole, own } = parted(adds.map(one => one.violations))
  const drops = told.filter(one => one.item.section_ids === undefined)
  return {
    whole,
    own: new Map([
      ...drops.map(one => [keyOf(one.item), one.violations] as const),
      ...adds.map((one, at) => [keyOf(one.item), own[at] ?? []] as const),
    ]),
  }
}

/** How many different things stand in the way of a request. */
export function countOf(judged: Judged): number {
  const { whole, own } = reasonsOf(judged)
  return [...whole, ...[...own.values()].flat()].filter(forbids).length
}
