import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { useLocalStorage } from '@vueuse/core'
import { computed, type MaybeRefOrGetter, ref, toValue } from 'vue'
import { useI18n } from 'vue-i18n'
import { api, body, everyPage, newKey, read, type Read } from '@/api/client'
import { isRefusal, Refused } from '@/api/problem'
import type { PlanOut } from '@/api/schema'
import { useSession } from '@/gateway/session'
import { adding, type Bundle, type Edit, naming, removing, replacing } from './planItems'

const TRIES = 5
/** What was last read or written here, by plan; a change rests on it. */
const known = new Map<string, Read<PlanOut>>()
/** Changes of one plan go one after the other. */
const queues = new Map<string, Promise<unknown>>()

/**
 * The caller's plans of a term (its code), kept by the server.
 *
 * Every change is saved at once; one that meets somebody else's is applied again to what it finds. `plan` is the chosen
 * one, remembered in this browser. All changes reject with `Refused` or `Unreachable`.
 */
export function usePlans(term: MaybeRefOrGetter<string>) {
  const { t } = useI18n()
  const session = useSession()
  const queries = useQueryClient()
  const chosen = useLocalStorage<Record<string, string>>('plan-of-term', {})
  const saving = ref(0)
  const queryKey = computed(() => ['plans', session.me?.student_id ?? '', toValue(term)])
  const plans = useQuery({
    queryKey,
    queryFn: () => listed(toValue(term)),
    enabled: computed(() => Boolean(session.me?.student_id) && toValue(term) !== ''),
  })
  const plan = computed(() => {
    const all = plans.data.value ?? []
    return all.find(one => one.id === chosen.value[toValue(term)]) ?? all[0]
  })
  /** Every section that the chosen plan wishes for. */
  const planned = computed(() => new Set(plan.value?.items.flatMap(item => item.section_ids)))

  function choose(id: string): void {
    chosen.value = { ...chosen.value, [toValue(term)]: id }
  }

  async function create(name: string, bundles: readonly Bundle[] = []): Promise<PlanOut> {
    const items = bundles.map(bundle => ({ section_ids: [...bundle] }))
    const made = await busy(read(api.POST('/api/v1/plans', {
      params: { header: { 'Idempotency-Key': newKey() } },
      body: { student_id: 'me', term_id: toValue(term), name, items },
    })))
    known.set(made.data.id, made)
    show(made.data)
    choose(made.data.id)
    return made.data
  }

  async function remove(id: string): Promise<void> {
    await busy(api.DELETE('/api/v1/plans/{plan_id}', { params: { path: { plan_id: id } } }).catch(unlessGone))
    known.delete(id)
    queries.setQueryData<PlanOut[]>(queryKey.value, all => all?.filter(one => one.id !== id))
  }

  /** Wish for a bundle in the chosen plan; whoever has none yet gets a first one. */
  async function add(bundle: Bundle): Promise<PlanOut> {
    const all = await queries.query({ queryKey: queryKey.value, queryFn: () => listed(toValue(term)) })
    const target = all.find(one => one.id === plan.value?.id) ?? all[0]
    if (target) return change(target.id, adding(bundle))
    try {
      return await create(t('enrollment.plans.first'), [bundle])
    } catch (error) {
      // Another tab was faster.
      if (!isRefusal(error, 'plan-name-taken')) throw error
      await plans.refetch()
      return add(bundle)
    }
  }

  function change(id: string, edit: Edit): Promise<PlanOut> {
    const before = queues.get(id) ?? Promise.resolve()
    const saved = busy(before.catch(() => undefined).then(() => save(id, edit)))
    queues.set(id, saved)
    return saved.then((data) => {
      show(data)
      return data
    })
  }

  function show(data: PlanOut): void {
    queries.setQueryData<PlanOut[]>(queryKey.value, (all = []) =>
      all.some(one => one.id === data.id) ? all.map(one => (one.id === data.id ? data : one)) : [...all, data])
  }

  async function busy<T>(work: Promise<T>): Promise<T> {
    saving.value++
    try {
      return await work
    } finally {
      saving.value--
    }
  }

  return {
    plans, plan, planned, saving: computed(() => saving.value > 0), choose, create, remove, add,
    rename: (id: string, name: string) => change(id, naming(name)),
    replaceItem: (id: string, bundle: Bundle, by: Bundle) => change(id, replacing(bundle, by)),
    removeItems: (id: string, ...bundles: Bundle[]) => change(id, removing(bundles)),
  }
}

function listed(term: string): Promise<PlanOut[]> {
  return everyPage(cursor => body(api.GET('/api/v1/plans', { params: { query: { student_id: 'me', term, limit: 200, cursor } } })))
}

async function save(id: string, edit: Edit): Promise<PlanOut> {
  for (let attempt = 1; ; attempt++) {
    const seen = known.get(id) ?? await read(api.GET('/api/v1/plans/{plan_id}', { params: { path: { plan_id: id } } }))
    try {
      const saved = await write(seen, edit)
      known.set(id, saved)
      return saved.data
    } catch (error) {
      known.delete(id)
      if (attempt === TRIES || !(error instanceof Refused && error.problem.status === 412)) throw error
    }
  }
}

function write(seen: Read<PlanOut>, edit: Edit): Promise<Read<PlanOut>> {
  const content = { name: seen.data.name, items: seen.data.items }
  return read(api.PUT('/api/v1/plans/{plan_id}', {
    params: { path: { plan_id: seen.data.id }, header: { 'If-Match': seen.etag } },
    // With a key the client asks again when the network fails: what was carried out already is then stale, and applied anew.
    headers: { 'Idempotency-Key': newKey() },
    body: edit(content),
  }))
}

function unlessGone(error: unknown): void {
  if (!isRefusal(error, 'plan-not-found')) throw error
}
