import { useQueries } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { api, body } from '@/api/client'
import type { EnrollmentOut, OfferingOut, SectionOut, TermOut } from '@/api/schema'
import { useTimetable } from '@/student/useTimetable'
import { dropUntil } from './deadlines'
import { useMyEnrollments } from './useMyEnrollments'

/** An enrollment with what is offered: its sections by name, and until when they may be given back. */
export interface MyPlace {
  enrollment: EnrollmentOut
  offering: OfferingOut | undefined
  sections: SectionOut[]
  dropUntil: string
}

/** Statuses that count as a place, and those that can be given back. */
export const PLACES: readonly EnrollmentOut['status'][] = ['enrolled', 'review']
export const ACTIVE: readonly EnrollmentOut['status'][] = [...PLACES, 'waitlisted', 'offered']

/** The signed-in student's enrollments of a term with what is offered; an offering that cannot be read leaves its enrollment without sections. */
export function useMyPlaces(term: MaybeRefOrGetter<TermOut | undefined>) {
  const { query } = useMyEnrollments(() => toValue(term)?.code)
  const ids = computed(() => [...new Set((query.data.value ?? []).flatMap(one => one.offering_id ?? []))])
  const offerings = useQueries({ queries: computed(() => ids.value.map(id => offeringQuery(id))) })
  const found = computed(() => new Map(offerings.value.flatMap(({ data }) => (data ? [[data.id, data] as const] : []))))
  // Only deadlines that are counted from the first meeting need the meetings.
  const counted = computed(() => [...found.value.values()].some(offering => offering.drop_weeks !== null && offering.drop_until === null))
  const timetable = useTimetable(() => (counted.value ? toValue(term)?.code : undefined))

  const mine = computed<MyPlace[] | undefined>(() => {
    const of = toValue(term)
    return of && query.data.value?.map((enrollment) => {
      const offering = found.value.get(enrollment.offering_id ?? '')
      const sections = offering?.sections.filter(section => enrollment.section_ids.includes(section.id)) ?? []
      const meetings = timetable.data.value?.occurrences.filter(one => one.enrollment_id === enrollment.id) ?? []
      return { enrollment, offering, sections, dropUntil: dropUntil(offering, of, firstOfEach(meetings)) }
    })
  })
  return { query, mine }
}

/** One offering with its sections. */
export function offeringQuery(id: string) {
  return { queryKey: ['offering', id], queryFn: () => body(api.GET('/api/v1/offerings/{key}', { params: { path: { key: id } } })), staleTime: 60_000 }
}

function firstOfEach(meetings: readonly { section_id: string, date: string }[]): string[] {
  const first = new Map<string, string>()
  for (const { section_id, date } of meetings) if (date < (first.get(section_id) ?? '9999')) first.set(section_id, date)
  return [...first.values()]
}
