import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, body } from '@/api/client'

/** The accounts whose user name or name has a text in it, page by page; `renew` asks again after a change. */
export function useAccounts(text: Ref<string>) {
  const queryClient = useQueryClient()
  const query = useInfiniteQuery({
    queryKey: ['accounts', 'list', text],
    queryFn: ({ pageParam }) => body(api.POST('/api/v1/accounts/search', { body: { q: text.value || undefined, limit: 50, cursor: pageParam, total: true } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next ?? undefined,
    placeholderData: keepPreviousData,
  })
  const accounts = computed(() => query.data.value?.pages.flatMap(page => page.items) ?? [])
  const total = computed(() => query.data.value?.pages[0]?.total ?? 0)
  return { query, accounts, total, renew: () => queryClient.invalidateQueries({ queryKey: ['accounts'] }) }
}
