import { useQueries, useQueryClient } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { api, body } from '@/api/client'
import type { EnrollmentOut, OfferingOut, SectionOut, TermOut } from '@/api/schema'
import { useTitle } from '@/course/titles'
import { useTimetable } from '@/student/useTimetable'
import { dropUntil, withdrawUntil } from './deadlines'
import { useMyEnrollments } from './useMyEnrollments'

/** An enrollment with what is offered: its sections by name, and until when they may be given back or withdrawn from. */
export interface MyPlace {
  enrollment: EnrollmentOut
  offering: OfferingOut | undefined
  sections: SectionOut[]
  /** The sections that are waited for. */
  waited: SectionOut[]
  /** The course in which a place is given back for this one. */
  instead: OfferingOut['course'] | EnrollmentOut['course'] | undefined
  dropUntil: string
  withdrawUntil: string
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
  const counted = computed(() => [...found.value.values()].some(one => (one.drop_weeks !== null && one.drop_until === null) || (one.withdraw_weeks !== null && one.withdraw_until === null)))
  const timetable = useTimetable(() => (counted.value ? toValue(term)?.code : undefined))

  const mine = computed<MyPlace[] | undefined>(() => {
    const of = toValue(term)
    return of && query.data.value?.map((enrollment) => {
      const offering = found.value.get(enrollment.offering_id ?? '')
      const sections = offering?.sections.filter(section => enrollment.section_ids.includes(section.id)) ?? []
      const { waitlist } = enrollment
      const waited = offering?.sections.filter(section => waitlist?.section_ids.includes(section.id)) ?? []
      const given = query.data.value?.find(one => one.id === waitlist?.drop_enrollment_id)
      const instead = given && (found.value.get(given.offering_id ?? '')?.course ?? given.course)
      const meetings = timetable.data.value?.occurrences.filter(one => one.enrollment_id === enrollment.id) ?? []
      const first = firstOfEach(meetings)
      return { enrollment, offering, sections, waited, instead, dropUntil: dropUntil(offering, of, first), withdrawUntil: withdrawUntil(offering, of, first) }
    })
  })
  return { query, mine }
}

/** One offering with its sections. */
export function offeringQuery(id: string) {
  return { queryKey: ['offering', id], queryFn: () => body(api.GET('/api/v1/offerings/{key}', { params: { path: { key: id } } })), staleTime: 60_000 }
}

/** Names the course of an enrollment in the reader's language, which only its offering knows. */
export function useCourseName() {
  const queries = useQueryClient()
  const titleOf = useTitle()
  return async ({ course, offering_id }: EnrollmentOut): Promise<string> => {
    const offering = offering_id === null ? undefined : await queries.query(offeringQuery(offering_id)).catch(() => undefined)
    return titleOf(offering?.course ?? course)
  }
}

function firstOfEach(meetings: readonly { section_id: string, date: string }[]): string[] {
  const first = new Map<string, string>()
  for (const { section_id, date } of meetings) if (date < (first.get(section_id) ?? '9999')) first.set(section_id, date)
  return [...first.values()]
}
