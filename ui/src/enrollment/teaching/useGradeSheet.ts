import { useQueryClient } from '@tanstack/vue-query'
import { computed, reactive, type Ref, shallowRef, watch } from 'vue'
import { api, body } from '@/api/client'
import { isRefusal } from '@/api/problem'
import type { FaultOut, RosterRowOut } from '@/api/schema'
import { useSending } from '@/api/useSending'
import { bodyOf, type Entry, faultsByRow, renewedEntry } from './gradeSheet'
import type { Roster } from './useTaughtSection'

/** Grades that are typed beside the students of a section, and posted one by one or all at once. */
export function useGradeSheet(section: Ref<string>, roster: Ref<Roster>) {
  const queryClient = useQueryClient()
  const entries = reactive(new Map<string, Entry>())
  const faults = shallowRef(new Map<string, FaultOut[]>())
  const typed = computed(() => roster.value.rows.filter(row => entries.get(row.enrollment_id)?.grade.trim()))
  const sending = useSending((key, rows: readonly RosterRowOut[]) => body(api.POST('/api/v1/sections/{section_id}/grades', {
    params: { path: { section_id: section.value }, header: { 'Idempotency-Key': key } },
    body: { grades: rows.map(row => bodyOf(row, entryOf(row))) },
  })))

  function entryOf(row: RosterRowOut): Entry {
    return entries.get(row.enrollment_id) as Entry
  }
  function remember({ rows, grading }: Roster) {
    for (const row of rows) entries.set(row.enrollment_id, renewedEntry(grading, row, entries.get(row.enrollment_id)))
  }
  watch(roster, remember, { immediate: true, flush: 'sync' })

  /** Post what was typed in these rows, all or none; returns how many grades are new, or null when it was refused. */
  async function post(rows: readonly RosterRowOut[]): Promise<number | null> {
    const answer = await sending.submit(rows)
    faults.value = new Map([...faults.value].filter(([id]) => !rows.some(row => row.enrollment_id === id)))
    if (!answer) {
      const found = faultsByRow(sending.error.value, rows)
      faults.value = new Map([...faults.value, ...found])
      // What somebody else has posted is shown beside what was typed, which can then be posted over it.
      if ([...found.values()].flat().some(fault => fault.code === 'stale-version')) await renew()
      return null
    }
    for (const row of rows) entries.delete(row.enrollment_id)
    remember(roster.value)
    await renew()
    return answer.posted
  }

  async function renew() {
    await Promise.all(['roster', 'grades'].map(queryKey => queryClient.invalidateQueries({ queryKey: [queryKey] })))
  }

  /** A problem that is not about any row. */
  const problem = computed(() => isRefusal(sending.error.value, 'grades-refused') ? null : sending.error.value)
  return { entryOf, typed, faults, post, busy: sending.busy, problem }
}
