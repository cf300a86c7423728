import { useQueries, useQuery } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { api, body, everyPage } from '@/api/client'
import type { OfferedCourseOut, SectionOut } from '@/api/schema'
import { useSession } from '@/gateway/session'
import { offeringQuery } from '../useMyPlaces'

/** What an instructor teaches of one course. */
export interface Taught { offeringId: string, course: OfferedCourseOut | undefined, sections: SectionOut[] }

/** The signed-in instructor's sections of a term, by course in order of its code. */
export function useMySections(term: MaybeRefOrGetter<string>) {
  const session = useSession()
  const instructor = computed(() => session.me?.instructor_id ?? '')
  const query = useQuery({
    queryKey: ['sections', 'taught', instructor, computed(() => toValue(term))],
    queryFn: async () => {
      // An account that is nobody in the catalog teaches nothing.
      if (!instructor.value) return []
      return everyPage(cursor => body(api.GET('/api/v1/sections', { params: { query: { instructor: instructor.value, term: toValue(term), limit: 200, cursor } } })))
    },
    enabled: () => toValue(term) !== '',
  })
  const offeringIds = computed(() => [...new Set((query.data.value ?? []).map(section => section.offering_id))])
  const offerings = useQueries({ queries: computed(() => offeringIds.value.map(id => offeringQuery(id))) })
  const groups = computed<Taught[]>(() => {
    const courses = new Map(offerings.value.flatMap(({ data }) => (data ? [[data.id, data.course] as const] : [])))
    return offeringIds.value
      .map(offeringId => ({ offeringId, course: courses.get(offeringId), sections: (query.data.value ?? []).filter(section => section.offering_id === offeringId) }))
      .toSorted((a, b) => (a.course?.code ?? '').localeCompare(b.course?.code ?? ''))
  })
  return { query, groups }
}
