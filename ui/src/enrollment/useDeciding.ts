import { useQueryClient } from '@tanstack/vue-query'
import { ref } from 'vue'
import { api, body, newKey } from '@/api/client'
import { Refused, type Violation } from '@/api/problem'
import type { EnrollmentOut } from '@/api/schema'

/** What shows enrollments, or seats that a change of them takes or frees. */
export const CHANGED = ['enrollments', 'history', 'timetable', 'availability', 'offering', 'offerings', 'sections', 'roster', 'notifications']

/** What a student decides about an enrollment; to `stay` is to leave a queue and keep the place. */
export type Decision = 'drop' | 'withdraw' | 'accept' | 'decline' | 'stay'

const SENT: Record<Decision, (enrollment: EnrollmentOut, key: string) => Promise<Violation[]>> = {
  drop: async ({ id }, key) => done(api.POST('/api/v1/enrollments/{enrollment_id}/drop', once(id, key))),
  withdraw: async ({ id }, key) => done(api.POST('/api/v1/enrollments/{enrollment_id}/withdraw', once(id, key))),
  accept: async ({ id }, key) => done(api.POST('/api/v1/enrollments/{enrollment_id}/accept', once(id, key))),
  decline: async ({ id }, key) => done(api.POST('/api/v1/enrollments/{enrollment_id}/decline', once(id, key))),
  stay: async ({ id, term_id, section_ids }, key) => {
    const items = [{ action: 'change_sections' as const, enrollment_id: id, section_ids }]
    const answer = await body(api.POST('/api/v1/registration-requests', { params: { header: { 'Idempotency-Key': key } }, body: { student_id: 'me', term_id, items } }))
    return answer.outcome === 'refused' ? answer.items.flatMap(item => item.violations) : []
  },
}

/** Carries out what was decided about an enrollment. While it is `loading`, asking again does nothing. */
export function useDeciding() {
  const queries = useQueryClient()
  const state = ref<'idle' | 'loading' | 'done' | 'error'>('idle')
  const error = ref<unknown>(null)
  const violations = ref<Violation[]>([])
  let key = newKey()

  /** Begin with another enrollment or decision, or once more. */
  function reset() {
    state.value = 'idle'
    error.value = null
    violations.value = []
    key = newKey()
  }

  /** Whether it was carried out, with every reason in `violations` if not. */
  async function decide(decision: Decision, enrollment: EnrollmentOut): Promise<boolean> {
    if (state.value === 'loading') return false
    state.value = 'loading'
    try {
      violations.value = await SENT[decision](enrollment, key)
      error.value = null
      state.value = violations.value.length > 0 ? 'error' : 'done'
    } catch (problem) {
      error.value = problem
      violations.value = problem instanceof Refused ? problem.problem.violations ?? [] : []
      state.value = 'error'
    } finally {
      await Promise.all(CHANGED.map(name => queries.invalidateQueries({ queryKey: [name] })))
    }
    return state.value === 'done'
  }

  return { state, error, violations, decide, reset }
}

export type Deciding = ReturnType<typeof useDeciding>

function once(id: string, key: string) {
  return { params: { path: { enrollment_id: id }, header: { 'Idempotency-Key': key } } }
}

async function done(answer: Promise<unknown>): Promise<Violation[]> {
  await answer
  return []
}
