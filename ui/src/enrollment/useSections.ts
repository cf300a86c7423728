import { keepPreviousData, type QueryClient, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { api, body } from '@/api/client'
import { isRefusal } from '@/api/problem'
import type { OfferingOut, SectionOut } from '@/api/schema'

/** A section with the offering that it belongs to. */
export interface Taught { section: SectionOut, offering: OfferingOut }

/** What is known of sections by their ids, with their offerings; a section that no longer exists is not in the answer. */
export function useSections(ids: MaybeRefOrGetter<readonly string[]>) {
  const queries = useQueryClient()
  const wanted = computed(() => [...new Set(toValue(ids))].sort())
  return useQuery({
    queryKey: ['sections', wanted],
    queryFn: () => find(queries, wanted.value),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
}

async function find(queries: QueryClient, ids: readonly string[]): Promise<Map<string, Taught>> {
  const known = (queries.getQueriesData<OfferingOut>({ queryKey: ['offering'] })).flatMap(([, offering]) => (offering ? [offering] : []))
  const offerings = await Promise.all(ids.map(async id => known.find(one => one.sections.some(section => section.id === id))?.id ?? await offeringOf(id)))
  const found = await Promise.all([...new Set(offerings)].filter(id => id !== null).map(id => queries.query({
    queryKey: ['offering', id],
    queryFn: () => body(api.GET('/api/v1/offerings/{key}', { params: { path: { key: id } } })),
    staleTime: 30_000,
  })))
  return new Map(found.flatMap(offering => offering.sections.map(section => [section.id, { section, offering }] as const)))
}

async function offeringOf(id: string): Promise<string | null> {
  try {
    return (await body(api.GET('/api/v1/sections/{key}', { params: { path: { key: id } } }))).offering_id
  } catch (error) {
    if (isRefusal(error, 'section-not-found')) return null
    throw error
  }
}
