import { useInfiniteQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api, body } from '@/api/client'

/** Where whoever asks is signed in, the latest first; `renew` asks again after a change. */
export function useSignIns() {
  const queryClient = useQueryClient()
  const query = useInfiniteQuery({
    queryKey: ['sign-ins'],
    queryFn: ({ pageParam }) => body(api.GET('/api/v1/auth/sessions', { params: { query: { limit: 20, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next ?? undefined,
    staleTime: 0,
  })
  const rows = computed(() => query.data.value?.pages.flatMap(page => page.items) ?? [])
  return { query, rows, renew: () => queryClient.invalidateQueries({ queryKey: ['sign-ins'] }) }
}

export type SignIns = ReturnType<typeof useSignIns>
