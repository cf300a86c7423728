import { useQueryClient } from '@tanstack/vue-query'
import { ref } from 'vue'
import { api, body, newKey } from '@/api/client'
import { Refused, type Violation } from '@/api/problem'
import type { EnrollmentOut } from '@/api/schema'

/** What shows enrollments, or seats that a change of them takes or frees. */
const CHANGED = ['enrollments', 'history', 'timetable', 'availability', 'offering', 'offerings', 'sections', 'roster']

/** Gives back a place. While it is `loading`, asking again does nothing. */
export function useDrop() {
  const queries = useQueryClient()
  const state = ref<'idle' | 'loading' | 'done' | 'error'>('idle')
  const error = ref<unknown>(null)
  const violations = ref<Violation[]>([])
  let key = newKey()

  /** Begin with another enrollment, or once more. */
  function reset() {
    state.value = 'idle'
    error.value = null
    violations.value = []
    key = newKey()
  }

  /** Drop; whether the place is given back, with every reason in `violations` if not. */
  async function drop(enrollment: EnrollmentOut): Promise<boolean> {
    if (state.value === 'loading') return false
    state.value = 'loading'
    try {
      await body(api.POST('/api/v1/enrollments/{enrollment_id}/drop', { params: { path: { enrollment_id: enrollment.id }, header: { 'Idempotency-Key': key } } }))
      state.value = 'done'
      return true
    } catch (problem) {
      error.value = problem
      violations.value = problem instanceof Refused ? problem.problem.violations ?? [] : []
      state.value = 'error'
      return false
    } finally {
      await Promise.all(CHANGED.map(name => queries.invalidateQueries({ queryKey: [name] })))
    }
  }

  return { state, error, violations, drop, reset }
}
