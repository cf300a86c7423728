import { useQueryClient } from '@tanstack/vue-query'
import { computed, shallowRef, type Ref } from 'vue'
import type { EnrollmentOut, RegistrationRequestIn, RequestItemIn } from '@/api/schema'
import { useSession } from '@/gateway/session'
import { forbids } from './planRequest'
import { CHANGED } from './useDeciding'
import { useRegistering } from './useRegistering'
import { useValidation } from './useValidation'

/**
 * One change of a place, a swap or other sections: judged while it is chosen, then asked for once, whatever happens.
 *
 * `wish` is null until everything is chosen.
 */
export function useChange(term: Ref<string>) {
  const asking = useAsking()
  const wish = shallowRef<RequestItemIn | null>(null)
  const request = computed<RegistrationRequestIn | null>(() => wish.value && { student_id: 'me', term_id: term.value, mode: 'all_or_nothing', dry_run: false, items: [wish.value] })
  const validation = useValidation(request)
  const reasons = computed(() => (wish.value ? [...validation.reasons.value.whole, ...[...validation.reasons.value.own.values()].flat()] : []))
  const possible = computed(() => validation.fresh.value && !reasons.value.some(forbids))

  /** Ask for the change; what has changed, or null where it was refused. */
  async function send(): Promise<EnrollmentOut | null> {
    if (!request.value) return null
    await asking.registering.register({ plan: '', request: request.value, full: [] }, asking.conclude)
    const changed = asking.changed()
    if (changed === null) await validation.query.refetch()
    return changed
  }

  return { wish, validation, reasons, possible, send, ...asking }
}

export type Change = ReturnType<typeof useChange>

/** The request for a change that is on its way, on this page or before it was loaded. */
export function useAsking() {
  const queries = useQueryClient()
  const registering = useRegistering(useSession().me?.student_id ?? '', 'change')

  async function conclude() {
    await Promise.all(CHANGED.map(name => queries.invalidateQueries({ queryKey: [name] })))
  }

  function changed(): EnrollmentOut | null {
    const answer = registering.state.value === 'done' ? registering.answered.value?.answer : undefined
    return answer?.items.find(item => item.enrollment !== null)?.enrollment ?? null
  }

  const refused = computed(() => registering.state.value === 'done' && registering.answered.value?.answer.outcome === 'refused')
  const failure = computed(() => (registering.state.value === 'error' ? registering.error.value : null))
  const busy = computed(() => registering.state.value === 'loading')
  return { registering, conclude, changed, refused, failure, busy }
}
