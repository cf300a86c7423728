import { useQuery } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { api, body, everyPage } from '@/api/client'

const LASTING = 60_000

/** A course of the catalog, by its code. */
export function useCourse(code: MaybeRefOrGetter<string>) {
  const key = computed(() => toValue(code))
  return useQuery({
    queryKey: ['course', key],
    queryFn: ({ signal }) => body(api.GET('/api/v1/courses/{key}', { params: { path: { key: key.value } }, signal })),
    staleTime: LASTING,
  })
}

/** Every offering of a course, of all terms. */
export function useOfferingsOf(code: MaybeRefOrGetter<string>, enabled: MaybeRefOrGetter<boolean>) {
  const course = computed(() => toValue(code))
  return useQuery({
    queryKey: ['offerings', 'of', course],
    queryFn: () => everyPage(cursor => body(api.GET('/api/v1/offerings', { params: { query: { course: course.value, limit: 50, cursor } } }))),
    enabled: () => toValue(enabled),
    staleTime: LASTING,
  })
}

export function useRequisites(code: MaybeRefOrGetter<string>) {
  const key = computed(() => toValue(code))
  return useQuery({
    queryKey: ['requisites', key],
    queryFn: ({ signal }) => body(api.GET('/api/v1/courses/{key}/requisites', { params: { path: { key: key.value } }, signal })),
    staleTime: LASTING,
  })
}

/** Everything that leads to a course and everything that it opens. */
export function useRequisiteGraph(code: MaybeRefOrGetter<string>, enabled: MaybeRefOrGetter<boolean>) {
  const key = computed(() => toValue(code))
  return useQuery({
    queryKey: ['requisite-graph', key],
    queryFn: ({ signal }) => body(api.GET('/api/v1/courses/{key}/requisite-graph', { params: { path: { key: key.value } }, signal })),
    enabled: () => toValue(enabled),
    staleTime: LASTING,
  })
}
