import { useQuery } from '@tanstack/vue-query'
import { api, body, everyPage } from '@/api/client'
import type { HoldOut } from '@/api/schema'
import { useSession } from '@/gateway/session'

const ME = { params: { path: { key: 'me' } } }

/** The signed-in student's own record. */
export function useStudent() {
  const session = useSession()
  return useQuery({ queryKey: ['student', session.me?.student_id ?? ''], queryFn: () => body(api.GET('/api/v1/students/{key}', ME)), staleTime: 60_000 })
}

/** The holds on the signed-in student, also those that are over or not yet in force. */
export function useHolds() {
  const session = useSession()
  return useQuery({
    queryKey: ['holds', session.me?.student_id ?? ''],
    queryFn: () => everyPage(cursor => body(api.GET('/api/v1/students/{key}/holds', { params: { ...ME.params, query: { limit: 200, cursor } } }))),
  })
}

/** Whether a hold is in force on a day; both its days count. */
export function inForce(hold: Pick<HoldOut, 'starts_on' | 'ends_on'>, today: string): boolean {
  return hold.starts_on <= today && (hold.ends_on === null || today <= hold.ends_on)
}
