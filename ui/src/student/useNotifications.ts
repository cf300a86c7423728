import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed } from 'vue'
import { api, body, newKey } from '@/api/client'
import { useSession } from '@/gateway/session'

const PAGE = 20
/** Milliseconds between two looks for news. */
const EVERY = 30_000

/** How many notifications of the signed-in student are unread. */
export function useUnread() {
  const session = useSession()
  return useQuery({
    queryKey: ['notifications', 'unread', session.me?.student_id ?? ''],
    queryFn: async () => (await body(api.GET('/api/v1/students/{key}/notifications', { params: { path: { key: 'me' }, query: { unread: true, limit: 1 } } }))).unread,
    refetchInterval: EVERY,
  })
}

/** The signed-in student's notifications, the newest first, page by page. */
export function useNotifications() {
  const session = useSession()
  const queries = useQueryClient()
  const query = useInfiniteQuery({
    queryKey: ['notifications', 'list', session.me?.student_id ?? ''],
    queryFn: ({ pageParam }) => body(api.GET('/api/v1/students/{key}/notifications', { params: { path: { key: 'me' }, query: { limit: PAGE, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next ?? undefined,
    refetchInterval: EVERY,
  })
  const items = computed(() => query.data.value?.pages.flatMap(page => page.items) ?? [])
  const unread = computed(() => query.data.value?.pages[0]?.unread ?? 0)

  async function read(id: string): Promise<void> {
    await api.POST('/api/v1/students/{key}/notifications/{notification_id}/read', { params: { path: { key: 'me', notification_id: id }, header: { 'Idempotency-Key': newKey() } } })
    await queries.invalidateQueries({ queryKey: ['notifications'] })
  }

  async function readAll(): Promise<void> {
    await api.POST('/api/v1/students/{key}/notifications/read', { params: { path: { key: 'me' }, header: { 'Idempotency-Key': newKey() } } })
    await queries.invalidateQueries({ queryKey: ['notifications'] })
  }

  return { query, items, unread, read, readAll }
}
