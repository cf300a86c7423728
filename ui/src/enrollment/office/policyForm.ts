/** How a term takes the rules, as its form has it: pure but for what reads and writes it. */
import { api, read } from '@/api/client'
import type { PolicyIn, PolicyOut, Severity } from '@/api/schema'
import { numberOrNull } from '@/design/words'
import { SOFTENED } from './permissionForm'

type Rule = (typeof SOFTENED)[number]
/** Every rule by its name, and the two figures. */
export type PolicyForm = Record<Rule, Severity> & { max_waiting_ects: string | number | null, offer_hours: string | number | null }

export const SEVERITIES = ['fatal', 'warning', 'off'] as const satisfies readonly Severity[]
/** What is not known is at least told. */
export const severitiesOf = (rule: Rule) => SEVERITIES.filter(one => one !== 'off' || rule !== 'requisites-unknown')

export function formOf(policy: PolicyOut): PolicyForm {
  const severities = Object.fromEntries(SOFTENED.map(rule => [rule, policy.severities[rule] ?? 'fatal'])) as Record<Rule, Severity>
  return { ...severities, max_waiting_ects: policy.max_waiting_ects, offer_hours: policy.offer_hours }
}

/** The whole policy: the API replaces it, and rules that are fatal need not be named. */
export function bodyOf(form: PolicyForm): { policy: PolicyIn } {
  const named = SOFTENED.filter(rule => form[rule] !== 'fatal').map(rule => [rule, form[rule]])
  return { policy: {
    severities: Object.fromEntries(named) as PolicyIn['severities'],
    max_waiting_ects: numberOrNull(form.max_waiting_ects),
    // A number that is missing is left to the API, which says so.
    offer_hours: numberOrNull(form.offer_hours) as number,
  } }
}

export const readPolicy = (term: string) => read<PolicyOut>(api.GET('/api/v1/registration-policies/{term}', { params: { path: { term } } }))

/** How a term's policy is edited. */
export function policyEditing(term: string) {
  return {
    formOf,
    bodyOf,
    read: () => readPolicy(term),
    write: ({ policy }: { policy?: PolicyIn }, etag: string) => policy
      ? read<PolicyOut>(api.PUT('/api/v1/registration-policies/{term}', { params: { path: { term }, header: { 'If-Match': etag } }, body: policy }))
      : readPolicy(term),
  }
}
