import { useInfiniteQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, body } from '@/api/client'

/** The windows of a term in order of opening, page by page; `renew` asks again after a change. */
export function useWindows(term: Ref<string>) {
  const queryClient = useQueryClient()
  const query = useInfiniteQuery({
    queryKey: ['windows', 'of', term],
    queryFn: ({ pageParam }) => body(api.GET('/api/v1/registration-windows', { params: { query: { term: term.value, limit: 100, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next ?? undefined,
    enabled: computed(() => term.value !== ''),
  })
  const windows = computed(() => query.data.value?.pages.flatMap(page => page.items) ?? [])
  return { query, windows, renew: () => queryClient.invalidateQueries({ queryKey: ['windows'] }) }
}
