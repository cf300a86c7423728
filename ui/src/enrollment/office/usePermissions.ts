import { useInfiniteQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { api, body } from '@/api/client'
import type { PermissionState } from '@/api/schema'

export const STATES = ['active', 'used', 'expired', 'revoked'] as const satisfies readonly PermissionState[]

/** What narrows a list of permissions; an empty text narrows nothing. */
export interface PermissionFilter { term: string, student: string, state: PermissionState | '' }

/** Permissions, the oldest first, page by page; `renew` asks again after a change. */
export function usePermissions(filter: MaybeRefOrGetter<PermissionFilter>) {
  const queryClient = useQueryClient()
  const query = useInfiniteQuery({
    queryKey: ['permissions', computed(() => toValue(filter))],
    queryFn: ({ pageParam }) => {
      const { term, student, state } = toValue(filter)
      return body(api.GET('/api/v1/permissions', { params: { query: { term, student_id: student || undefined, state: state || undefined, limit: 50, cursor: pageParam } } }))
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next ?? undefined,
    enabled: computed(() => toValue(filter).term !== ''),
  })
  const permissions = computed(() => query.data.value?.pages.flatMap(page => page.items) ?? [])
  return { query, permissions, renew: () => queryClient.invalidateQueries({ queryKey: ['permissions'] }) }
}
