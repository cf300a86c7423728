/** What a permission is made of, and what the API is to be told of it: pure. */
import type { Named, OfferingOut, PermissionIn } from '@/api/schema'
import { instantOf } from '@/design/localTime'
import { numberOrNull } from '@/design/words'

/** What a term may take less strictly. */
export const SOFTENED = ['hold', 'window-not-open', 'window-closed', 'deadline-passed', 'requisites-unmet', 'requisites-unknown', 'corequisite-missing', 'restricted', 'repeat-not-allowed', 'time-conflict', 'credit-limit', 'bundle-incomplete'] as const satisfies readonly Named[]
/** What a permission may name. */
export const RULES = [...SOFTENED, 'section-full', 'section-closed', 'consent'] as const satisfies readonly Named[]

/** `offering` and `section` narrow where it holds; without an offering it holds in the whole term. */
export interface PermissionForm {
  student: string
  offering: OfferingOut | null
  section: string
  rules: Named[]
  reason: string
  uses: string | number | null
  expires_at: string
}

export const FIELDS = ['student_id', 'section_id', 'offering_id', 'term_id', 'rules', 'reason', 'uses', 'expires_at'] as const

export const newPermission = (student = ''): PermissionForm => ({ student, offering: null, section: '', rules: [], reason: '', uses: 1, expires_at: '' })

export function bodyOf(form: PermissionForm, term: string, zone: string): PermissionIn {
  const scope = form.section ? { section_id: form.section } : form.offering ? { offering_id: form.offering.id } : { term_id: term }
  return {
    student_id: form.student.trim(),
    ...scope,
    rules: form.rules,
    reason: form.reason,
    uses: numberOrNull(form.uses) ?? 1,
    expires_at: form.expires_at ? instantOf(form.expires_at, zone) : null,
  }
}
