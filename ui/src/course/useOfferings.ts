import { keepPreviousData, useInfiniteQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, body } from '@/api/client'
import type { OfferingOut } from '@/api/schema'
import { asked, type Filters } from './filters'

const PAGE = 20

/** The offerings of a term that words and filters find, page by page. Their seats are told by the availability feed. */
export function useOfferings(term: Ref<string>, words: Ref<string>, filters: Ref<Filters>) {
  const question = computed(() => asked(words.value, filters.value))
  const query = useInfiniteQuery({
    queryKey: ['offerings', 'found', term, question],
    queryFn: ({ pageParam, signal }) => body(api.GET('/api/v1/offerings', {
      params: { query: { term: term.value, ...question.value, limit: PAGE, cursor: pageParam, total: pageParam === undefined } },
      signal,
    })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next ?? undefined,
    enabled: () => term.value !== '',
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    refetchOnWindowFocus: false,
  })
  const offerings = computed<OfferingOut[]>(() => query.data.value?.pages.flatMap(page => page.items) ?? [])
  const total = computed(() => query.data.value?.pages[0]?.total)
  return { query, offerings, total }
}
