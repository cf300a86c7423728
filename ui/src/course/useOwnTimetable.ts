import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, body } from '@/api/client'
import type { SectionOut, TermOut } from '@/api/schema'
import { useSession } from '@/gateway/session'
import { calendarOf } from './calendar'
import { byDate, type Clash, clashesOf } from './clashes'

/** What a student has in a term, and what clashes with it; for others there is nothing. */
export function useOwnTimetable(term: Ref<TermOut | undefined>) {
  const session = useSession()
  const student = computed(() => session.me?.student_id)
  const query = useQuery({
    queryKey: ['timetable', student, () => term.value?.code],
    queryFn: ({ signal }) => body(api.GET('/api/v1/students/{key}/timetable', { params: { path: { key: 'me' }, query: { term: term.value?.code } }, signal })),
    enabled: () => !!student.value && !!term.value,
  })
  const taken = computed(() => byDate(query.data.value?.occurrences ?? []))
  const own = computed(() => new Set(query.data.value?.sections.map(section => section.id)))
  const concrete = computed(() => term.value && calendarOf(term.value))

  function clashes(section: SectionOut, course: string): Clash[] {
    if (!concrete.value || taken.value.size === 0 || own.value.has(section.id)) return []
    return clashesOf(concrete.value(section.meetings), taken.value, course)
  }

  return { isStudent: computed(() => !!student.value), has: (id: string) => own.value.has(id), clashes, query }
}
