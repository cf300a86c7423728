import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api, body, everyPage } from '@/api/client'
import { useSession } from '@/gateway/session'

/** What the signed-in student has asked for, the newest first; nothing for others. */
export function useMyConsents() {
  const session = useSession()
  const student = computed(() => session.me?.student_id ?? '')
  const query = useQuery({
    queryKey: ['consents', student],
    queryFn: async () => {
      const found = await everyPage(cursor => body(api.GET('/api/v1/consent-requests', { params: { query: { student_id: 'me', limit: 200, cursor } } })))
      return found.toSorted((a, b) => b.created_at.localeCompare(a.created_at))
    },
    enabled: () => student.value !== '',
  })

  /** The request about a section that waits for its answer. */
  function pending(section: string) {
    return query.data.value?.find(one => one.section_id === section && one.status === 'pending')
  }

  return { query, pending, isStudent: computed(() => student.value !== '') }
}

/** What the signed-in student was allowed, the newest first. */
export function useMyPermissions() {
  const session = useSession()
  return useQuery({
    queryKey: ['permissions', session.me?.student_id ?? ''],
    queryFn: async () => {
      const found = await everyPage(cursor => body(api.GET('/api/v1/permissions', { params: { query: { student_id: 'me', limit: 200, cursor } } })))
      return found.toSorted((a, b) => b.issued_at.localeCompare(a.issued_at))
    },
  })
}
