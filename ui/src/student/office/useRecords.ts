import { useInfiniteQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'

interface Page<Row> { items: Row[], next: string | null }
export interface RecordQuery<Row> {
  data: { readonly value?: { pages: Page<Row>[] } }
  error: { readonly value: Error | null }
  isPending: { readonly value: boolean }
  refetch: () => unknown
  hasNextPage: { readonly value: boolean }
  isFetchingNextPage: { readonly value: boolean }
  fetchNextPage: () => unknown
}

/** What is kept with a student, such as holds, page by page; `renew` asks again after a change. */
export function useRecords<Row>(student: string, kind: string, ask: (cursor: string | undefined) => Promise<Page<Row>>) {
  const queryClient = useQueryClient()
  const queryKey = ['students', 'kept', student, kind]
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => ask(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next ?? undefined,
  })
  const rows = computed<Row[]>(() => query.data.value?.pages.flatMap(page => page.items) ?? [])
  return { query, rows, renew: () => queryClient.invalidateQueries({ queryKey }) }
}
