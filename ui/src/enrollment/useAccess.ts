import { useQuery } from '@tanstack/vue-query'
import { useIntervalFn } from '@vueuse/core'
import { computed, type MaybeRefOrGetter, ref, toValue } from 'vue'
import { api, body, everyPage } from '@/api/client'
import type { TermOut } from '@/api/schema'
import { universityNow } from '@/design/zone'
import { useSession } from '@/gateway/session'
import { useStudent } from '@/student/useStudent'
import { accessAt, smallest } from './windows'

/**
 * When the signed-in student may register in a term, judged anew every second by the university's clock.
 *
 * `access` is undefined until everything that it rests on is known; `limit` is the credit limit in force.
 */
export function useAccess(term: MaybeRefOrGetter<TermOut | undefined>) {
  const student = useStudent()
  const windows = useWindows(() => toValue(term)?.code)
  const earned = useEarned(() => windows.data.value?.some(window => window.min_ects > 0) ?? false)
  const now = ref(universityNow())
  useIntervalFn(() => {
    now.value = universityNow()
  }, 1000)

  const access = computed(() => {
    if (!student.data.value || !windows.data.value || earned.value === undefined) return undefined
    return accessAt(now.value, windows.data.value, { ...student.data.value, earned: earned.value })
  })
  const limit = computed(() => smallest(toValue(term)?.max_ects, student.data.value?.max_ects, access.value?.state === 'open' ? access.value.limit : null))
  return { access, limit, student, windows }
}

/** The registration windows of a term. */
export function useWindows(term: MaybeRefOrGetter<string | undefined>) {
  return useQuery({
    queryKey: ['windows', computed(() => toValue(term) ?? '')],
    queryFn: () => everyPage(cursor => body(api.GET('/api/v1/registration-windows', { params: { query: { term: toValue(term), limit: 200, cursor } } }))),
    enabled: () => !!toValue(term),
  })
}

/** Credits earned so far, each passed course once; asked for only when a window needs them. */
function useEarned(needed: () => boolean) {
  const session = useSession()
  const query = useQuery({
    queryKey: ['earned', session.me?.student_id ?? ''],
    queryFn: async () => {
      const completed = await everyPage(cursor => body(api.GET('/api/v1/enrollments', { params: { query: { student_id: 'me', status: 'completed', limit: 200, cursor } } })))
      const recognized = await everyPage(cursor => body(api.GET('/api/v1/students/{key}/credits-recognized', { params: { path: { key: 'me' }, query: { limit: 200, cursor } } })))
      return new Map([...completed.map(one => [one.course.code, one.ects] as const), ...recognized.map(one => [one.course, one.ects] as const)])
    },
    enabled: needed,
    staleTime: 60_000,
  })
  return computed(() => {
    if (!needed()) return 0
    return query.data.value && [...query.data.value.values()].reduce((sum, ects) => sum + ects, 0)
  })
}
