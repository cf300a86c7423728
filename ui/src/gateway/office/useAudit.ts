import { keepPreviousData, useInfiniteQuery } from '@tanstack/vue-query'
import { watchDebounced } from '@vueuse/core'
import { computed, reactive, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { api, body } from '@/api/client'
import { timezone } from '@/design/zone'
import { askedOf, type Filters, FILTERS, moduleOf } from './audit'

/** The filters of the audit, kept in the page's address. */
export function useAuditFilters() {
  const route = useRoute()
  const router = useRouter()
  const told = computed(() => Object.fromEntries(FILTERS.map(name => [name, typeof route.query[name] === 'string' ? route.query[name] : ''])) as Filters)
  const typed = reactive({ ...told.value })

  watchDebounced(typed, () => {
    const wanted = Object.fromEntries(Object.entries(typed).filter(([, value]) => value.trim() !== ''))
    void router.replace({ query: wanted })
  }, { debounce: 300 })
  // Going back and forth brings back what was typed then.
  watch(told, (now) => {
    for (const name of FILTERS) if (typed[name].trim() !== now[name]) typed[name] = now[name]
  })
  // An operation belongs to one module.
  watch(() => typed.module, () => {
    if (typed.module !== told.value.module) typed.operation = ''
  })

  return { told, typed }
}

/** What staff did and saw, the newest first, page by page. */
export function useAudit(filters: { readonly value: Filters }) {
  const query = useInfiniteQuery({
    queryKey: ['audit', computed(() => filters.value)],
    queryFn: ({ pageParam }) => body(api.GET(`/api/v1/audit/${moduleOf(filters.value)}`, { params: { query: { ...askedOf(filters.value, timezone.value), limit: 25, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next ?? undefined,
    placeholderData: keepPreviousData,
  })
  const deeds = computed(() => query.data.value?.pages.flatMap(page => page.items) ?? [])
  return { query, deeds }
}
