import { api, body } from '@/api/client'
import type { EnrollmentOut } from '@/api/schema'
import { useSending } from '@/api/useSending'

/** What the registrar may do with a student's place, as the API names it. */
export type Action = 'confirm' | 'accept' | 'decline' | 'drop' | 'withdraw'
/** What takes a place away, and is asked about first. */
export const GRAVE: readonly Action[] = ['decline', 'drop', 'withdraw']

const ACTIONS: Partial<Record<EnrollmentOut['status'], readonly Action[]>> = {
  enrolled: ['drop', 'withdraw'],
  review: ['confirm', 'drop', 'withdraw'],
  waitlisted: ['drop'],
  offered: ['accept', 'decline'],
}
export const actionsOf = (one: EnrollmentOut): readonly Action[] => ACTIONS[one.status] ?? []

/** Does one of these things with a place. */
export function useEnrollmentActions() {
  return useSending((key, one: EnrollmentOut, action: Action) => {
    const told = { params: { path: { enrollment_id: one.id }, header: { 'Idempotency-Key': key } } }
    switch (action) {
      case 'confirm': return body(api.POST('/api/v1/enrollments/{enrollment_id}/confirm', told))
      case 'accept': return body(api.POST('/api/v1/enrollments/{enrollment_id}/accept', told))
      case 'decline': return body(api.POST('/api/v1/enrollments/{enrollment_id}/decline', told))
      case 'withdraw': return body(api.POST('/api/v1/enrollments/{enrollment_id}/withdraw', told))
      default: return body(api.POST('/api/v1/enrollments/{enrollment_id}/drop', told))
    }
  })
}
