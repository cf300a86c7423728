import type { DeedKind, DeedOut, operations } from '@/api/schema'
import { instantOf } from '@/design/localTime'
import { i18n } from '@/i18n'

type Operation = keyof operations

/** What each module writes down of its operations, as far as the pages have words for it. */
export const OPERATIONS = {
  student: [
    'create_student', 'change_student', 'get_student', 'list_students', 'search_students', 'place_hold', 'lift_hold', 'list_holds',
    'list_recorded_enrollments', 'recognize_credit', 'withdraw_recognized_credit', 'list_recognized_credits', 'record_test_score', 'strike_test_score', 'list_test_scores',
    'get_transcript', 'get_timetable', 'list_notifications', 'import_students', 'export_students',
  ],
  enrollment: [
    'create_enrollment', 'create_registration_request', 'drop_enrollment', 'withdraw_enrollment', 'accept_enrollment', 'decline_enrollment', 'confirm_enrollment',
    'get_enrollment', 'list_enrollments', 'get_enrollment_history', 'replace_grade', 'post_section_grades', 'import_section_grades', 'get_grade_history', 'get_roster',
    'export_roster', 'list_waitlist', 'create_permission', 'revoke_permission', 'list_permissions', 'grant_consent_request', 'deny_consent_request', 'list_consent_requests',
    'settle_broken_requisite', 'list_broken_requisites', 'create_registration_window', 'change_registration_window', 'delete_registration_window',
    'replace_registration_policy', 'record_completed_course', 'list_completed_courses', 'list_plans', 'get_plan', 'import_enrollments', 'export_enrollments',
  ],
  course: [
    'create_term', 'change_term', 'create_course', 'change_course', 'delete_course', 'replace_requisites', 'create_equivalence', 'change_equivalence', 'delete_equivalence',
    'create_instructor', 'change_instructor', 'create_offering', 'change_offering', 'create_section', 'change_section', 'cancel_section', 'import_courses', 'export_courses',
  ],
  gateway: [
    'create_session', 'create_token', 'create_account', 'change_account', 'delete_account', 'provision_accounts', 'create_account_activation', 'create_account_token', 'delete_account_tokens',
    'replace_password', 'delete_sign_in', 'delete_other_sign_ins', 'create_integration', 'change_integration', 'delete_integration', 'create_integration_secret',
    'delete_integration_secret', 'export_personal_data', 'erase_student',
  ],
} as const satisfies Record<string, readonly Operation[]>

export type Module = keyof typeof OPERATIONS
export const MODULES = ['student', 'enrollment', 'course', 'gateway'] as const satisfies readonly Module[]
export const KINDS = ['change', 'read'] as const satisfies readonly DeedKind[]
export const FILTERS = ['module', 'actor', 'student', 'operation', 'kind', 'since', 'until'] as const

/** What narrows the list, as the page's address has it; days are those of the university. */
export type Filters = Record<(typeof FILTERS)[number], string>

export const moduleOf = (filters: Filters): Module => MODULES.find(one => one === filters.module) ?? 'student'
const known = new Set<string>(Object.values(OPERATIONS).flat())

/** Whether there are words for an operation. */
export const isKnown = (operation: string): boolean => known.has(operation)

/** What the API is asked: whole days of the time zone, the last one included. */
export function askedOf(filters: Filters, zone: string) {
  const { actor, student, operation, since, until } = filters
  return {
    actor: actor.trim() || undefined,
    student_id: student.trim() || undefined,
    operation: operation || undefined,
    kind: KINDS.find(one => one === filters.kind),
    since: since ? instantOf(`${since}T00:00`, zone) : undefined,
    until: until ? instantOf(`${dayAfter(until)}T00:00`, zone) : undefined,
  }
}

/** The day after `2026-10-31`; what is no day is left for the API to refuse. */
function dayAfter(day: string): string {
  const noon = Date.parse(`${day}T12:00:00Z`)
  return Number.isNaN(noon) ? day : new Date(noon + 86_400_000).toISOString().slice(0, 10)
}

/** Whether something is an id: systems of our own go by names. */
export const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)

/** Of how many students that a deed was about the page tells. */
export const FEW = 3

/** An id by its end, which tells more apart than its beginning; names of systems stay as they are. */
export function shortened(id: string): string {
  return isId(id) ? `…${id.slice(-8)}` : id
}

/** The list that a deed names under one of its terms: rules, effects, roles or scopes. */
export function termsOf(deed: DeedOut, name: 'rules' | 'effects' | 'roles' | 'scopes'): string[] {
  const named = deed.terms[name]
  return Array.isArray(named) ? named.filter(one => typeof one === 'string') : []
}

/** The words for something that the API names, or the name itself: systems and roles may be added without any. */
export function named(under: string, name: string): string {
  const key = `${under}.${name}`
  return i18n.global.te(key) ? i18n.global.t(key) : name
}
