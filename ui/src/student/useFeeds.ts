import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { api, body } from '@/api/client'
import { isRefusal } from '@/api/problem'
import type { NewTimetableFeedOut } from '@/api/schema'
import type { Language } from '@/i18n'

const KEY = ['timetable-feeds']
const ME = { key: 'me' }

/** The addresses by which calendars follow the signed-in student's timetable; there are at most five. */
export function useFeeds() {
  const queries = useQueryClient()
  const query = useQuery({ queryKey: KEY, queryFn: async () => (await body(api.GET('/api/v1/students/{key}/timetable-feeds', { params: { path: ME } }))).items })

  /** Make a feed; its address is told this once. */
  async function make(name: string, language: Language): Promise<NewTimetableFeedOut> {
    const made = await body(api.POST('/api/v1/students/{key}/timetable-feeds', { params: { path: ME }, body: { name, language } }))
    await queries.invalidateQueries({ queryKey: KEY })
    return made
  }

  /** Let an address lead nowhere any more. */
  async function revoke(id: string): Promise<void> {
    try {
      await api.DELETE('/api/v1/students/{key}/timetable-feeds/{feed_id}', { params: { path: { ...ME, feed_id: id } } })
    } catch (problem) {
      if (!isRefusal(problem, 'timetable-feed-not-found')) throw problem
    }
    await queries.invalidateQueries({ queryKey: KEY })
  }

  return { query, make, revoke }
}
