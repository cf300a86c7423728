import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api, body } from '@/api/client'

/** The systems that call by themselves, page by page; `renew` asks again after a change. */
export function useIntegrations() {
  const queryClient = useQueryClient()
  const query = useInfiniteQuery({
    queryKey: ['integrations', 'list'],
    queryFn: ({ pageParam }) => body(api.GET('/api/v1/integrations', { params: { query: { limit: 50, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next ?? undefined,
    placeholderData: keepPreviousData,
  })
  const integrations = computed(() => query.data.value?.pages.flatMap(page => page.items) ?? [])
  return { query, integrations, renew: () => queryClient.invalidateQueries({ queryKey: ['integrations'] }) }
}
