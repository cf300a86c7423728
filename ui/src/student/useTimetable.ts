import { useQuery } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { api, body } from '@/api/client'
import { useSession } from '@/gateway/session'

/** The signed-in student's sections and concrete occurrences in a term, named by its code. */
export function useTimetable(term: MaybeRefOrGetter<string | undefined>) {
  const session = useSession()
  return useQuery({
    queryKey: ['timetable', computed(() => session.me?.student_id), computed(() => toValue(term))],
    queryFn: ({ signal }) => body(api.GET('/api/v1/students/{key}/timetable', { params: { path: { key: 'me' }, query: { term: toValue(term) } }, signal })),
    enabled: () => !!toValue(term),
  })
}
