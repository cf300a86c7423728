import { useQuery } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { api, body, everyPage } from '@/api/client'
import { useSession } from '@/gateway/session'

/** Milliseconds between two looks, while a queue may move. */
const WAITING = 3000
const STANDING = new Set(['enrolled', 'waitlisted', 'offered', 'review'])
const COUNTED = new Set(['enrolled', 'offered', 'review'])

/** The signed-in student's enrollments in a term (its code): all, those that stand, and those whose credits and times count. They are asked for again and again while one of them waits. */
export function useMyEnrollments(term: MaybeRefOrGetter<string | undefined>) {
  const session = useSession()
  const query = useQuery({
    queryKey: ['enrollments', computed(() => session.me?.student_id ?? ''), computed(() => toValue(term) ?? '')],
    queryFn: () => everyPage(cursor => body(api.GET('/api/v1/enrollments', { params: { query: { student_id: 'me', term: toValue(term), limit: 200, cursor } } }))),
    enabled: () => !!toValue(term) && !!session.me?.student_id,
    refetchInterval: ({ state }) => (state.data?.some(one => one.waitlist !== null || one.status === 'offered') ? WAITING : false),
  })
  const standing = computed(() => (query.data.value ?? []).filter(one => STANDING.has(one.status)))
  const counted = computed(() => standing.value.filter(one => COUNTED.has(one.status)))
  return { query, standing, counted }
}
