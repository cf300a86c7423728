import { useInfiniteQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, body } from '@/api/client'
import type { ConsentStatus } from '@/api/schema'

export const CONSENT_STATUSES = ['pending', 'granted', 'denied', 'withdrawn'] as const satisfies readonly ConsentStatus[]

/** What students ask to be allowed, the oldest first: of an instructor what is asked of them, of the registrar everything. */
export function useConsents(term: Ref<string>, status: Ref<ConsentStatus>) {
  const queryClient = useQueryClient()
  const query = useInfiniteQuery({
    queryKey: ['consents', term, status],
    queryFn: ({ pageParam }) => body(api.GET('/api/v1/consent-requests', { params: { query: { term: term.value, status: status.value, limit: 50, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next ?? undefined,
    enabled: computed(() => term.value !== ''),
  })
  const requests = computed(() => query.data.value?.pages.flatMap(page => page.items) ?? [])
  return { query, requests, renew: () => queryClient.invalidateQueries({ queryKey: ['consents'] }) }
}
