import { useQueryClient } from '@tanstack/vue-query'
import { computed, onMounted, onUnmounted, ref, shallowRef, watch } from 'vue'
import type { Remedy } from '@/api/problem'
import type { RequestMode } from '@/api/schema'
import { useTerm } from '@/course/useTerm'
import { useSession } from '@/gateway/session'
import { exchanged } from './choosing'
import type { Bundle } from './planItems'
import { keyOf, requestOf } from './planRequest'
import { remedied, text } from './remedies'
import { useAccess } from './useAccess'
import { useMarks } from './useMarks'
import { useMyEnrollments } from './useMyEnrollments'
import { usePlans } from './usePlans'
import { type Answered, useRegistering } from './useRegistering'
import { useSections } from './useSections'
import { useValidation } from './useValidation'

/** Everything that the plan page deals with: the chosen plan, what is judged of it, and its registration. */
export function usePlanning() {
  const queries = useQueryClient()
  const { terms, term, code } = useTerm()
  const plans = usePlans(code)
  const mine = useMyEnrollments(() => code.value || undefined)
  const { access, limit } = useAccess(() => term.value)
  const mode = ref<RequestMode>('all_or_nothing')
  const failure = shallowRef<unknown>(null)

  const bundles = computed(() => plans.plan.value?.items.map(item => item.section_ids) ?? [])
  const { drops, waits } = useMarks(() => plans.plan.value?.id, () => mine.standing.value.map(one => one.id), () => bundles.value.map(bundle => keyOf({ section_ids: bundle })))
  const staying = computed(() => mine.counted.value.filter(one => !drops.list.value.includes(one.id)))
  const sections = useSections(() => [...bundles.value, ...mine.standing.value.map(one => one.section_ids)].flat())
  const request = computed(() => requestOf({ term: code.value, bundles: bundles.value, drops: drops.given.value, waits: waits.list.value, mode: mode.value }))
  const validation = useValidation(request)
  const registering = useRegistering(useSession().me?.student_id ?? '')

  const planned = computed(() => credits(bundles.value.flat(), sections.data.value))
  const registered = computed(() => staying.value.reduce((sum, one) => sum + one.ects, 0))

  watch(() => access.value?.state, (now, before) => {
    if (before !== undefined && now !== before) void validation.query.refetch()
  })
  onMounted(() => registering.resume(conclude))
  onUnmounted(registering.clear)

  /** Change the plan; whatever was answered before is about another one. */
  async function change(work: (id: string) => unknown): Promise<boolean> {
    const id = plans.plan.value?.id
    if (id === undefined) return false
    registering.clear()
    failure.value = null
    try {
      await work(id)
      return true
    } catch (error) {
      failure.value = error
      return false
    }
  }

  function choose(bundle: Bundle, before: string, after: string): Promise<boolean> {
    const offering = sections.data.value?.get(before)?.offering
    const by = offering ? exchanged(bundle, offering, before, after) : bundle.map(id => (id === before ? after : id))
    return change(id => plans.replaceItem(id, bundle, by))
  }

  /** Carry out what a remedy says; `bundle` is what its reason is about, if it is about one. */
  async function apply(remedy: Remedy, bundle?: Bundle): Promise<boolean> {
    if (remedy.action === 'drop-enrollment') return change(() => drops.add(text(remedy, 'enrollment_id'), bundle && keyOf({ section_ids: bundle })))
    if (remedy.action === 'remove-item') return leaveOut(Number(remedy.params.item))
    if (!bundle) return false
    if (remedy.action === 'choose-section') return choose(bundle, text(remedy, 'instead_of'), text(remedy, 'section_id'))
    if (remedy.action === 'join-waitlist') return change(() => waits.add(keyOf({ section_ids: bundle })))
    const by = remedied(bundle, remedy)
    return by !== null && change(id => plans.replaceItem(id, bundle, by))
  }

  function leaveOut(at: number): Promise<boolean> {
    const item = validation.judged.value?.request.items[at]
    return change(id => item?.enrollment_id ? drops.remove(item.enrollment_id) : plans.removeItems(id, item?.section_ids ?? []))
  }

  async function register(): Promise<void> {
    const plan = plans.plan.value
    if (!plan || !request.value) return
    const full = [...validation.reasons.value.own.values()].flat().filter(one => one.code === 'section-full').map(one => one.section_id ?? '')
    await registering.register({ plan: plan.id, request: request.value, full }, conclude)
  }

  /** What was carried out leaves the plan. */
  async function conclude({ plan, request: asked, answer }: Answered): Promise<void> {
    const done = answer.outcome === 'refused' ? [] : asked.items.filter((_, at) => answer.items[at]?.outcome === 'accepted')
    const taken = done.flatMap(item => (item.section_ids ? [item.section_ids] : []))
    if (taken.length > 0 && plans.plans.data.value?.some(one => one.id === plan) !== false) await plans.removeItems(plan, ...taken)
    for (const item of done) drops.remove(item.enrollment_id ?? item.drop_enrollment_id ?? '')
    await queries.invalidateQueries({ refetchType: 'active' })
  }

  return {
    terms, term, code, plans, mine, access, limit, mode, failure, bundles, drops, waits, sections, request, validation, registering, planned, registered, staying,
    change, choose, apply, register, again: () => registering.resume(conclude),
    reasonsFor: (bundle: Bundle) => validation.reasons.value.own.get(keyOf({ section_ids: bundle })),
  }
}

export type Planning = ReturnType<typeof usePlanning>

function credits(ids: readonly string[], sections: ReturnType<typeof useSections>['data']['value']): number {
  const offerings = new Map(ids.flatMap((id) => {
    const taught = sections?.get(id)
    return taught ? [[taught.offering.id, taught.offering.ects] as const] : []
  }))
  return [...offerings.values()].reduce((sum, ects) => sum + ects, 0)
}
