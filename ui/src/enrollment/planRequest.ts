/** The request that a plan makes, and what its judgement says of each part of the plan. */
import type { Violation } from '@/api/problem'
import type { RegistrationRequestIn, RegistrationRequestOut, RequestMode } from '@/api/schema'
import type { Bundle } from './planItems'
import { parted } from './remedies'

export interface Judged { request: RegistrationRequestIn, answer: RegistrationRequestOut }

/** One request for all of a plan: first what is given back, then what is asked for; null where nothing is asked for. */
export function requestOf(term: string, bundles: readonly Bundle[], drops: readonly string[], mode: RequestMode): RegistrationRequestIn | null {
  if (bundles.length === 0 || term === '') return null
  const items = [
    ...drops.map(id => ({ action: 'drop' as const, enrollment_id: id })),
    ...bundles.map(bundle => ({ action: 'add' as const, section_ids: [...bundle] })),
  ]
  return { student_id: 'me', term_id: term, mode, dry_run: false, items }
}

/** Names what an item of a request is about, wherever it stands. */
export function keyOf(item: { section_ids?: Bundle, enrollment_id?: string }): string {
  return item.enrollment_id ?? [...(item.section_ids ?? [])].sort().join('+')
}

/** The reasons against the request as a whole, and by what each item is about. */
export function reasonsOf({ request, answer }: Judged): { whole: Violation[], own: Map<string, Violation[]> } {
  const told = request.items.map((item, at) => ({ item, violations: answer.items[at]?.violations ?? [] }))
  const adds = told.filter(one => one.item.action === 'add')
  const { whole, own } = parted(adds.map(one => one.violations))
  const drops = told.filter(one => one.item.action === 'drop')
  return {
    whole,
    own: new Map([
      ...drops.map(one => [keyOf(one.item), one.violations] as const),
      ...adds.map((one, at) => [keyOf(one.item), own[at] ?? []] as const),
    ]),
  }
}

/** How many different things are said against a request. */
export function countOf(judged: Judged): number {
  const { whole, own } = reasonsOf(judged)
  return whole.length + [...own.values()].flat().length
}
