import { computed, type Ref } from 'vue'
import type { TermOut } from '@/api/schema'
import { usePlans } from '@/enrollment/usePlans'
import { useAvailability } from './useAvailability'
import { useOwnTimetable } from './useOwnTimetable'

/** What is shown beside every section of a term: its seats now, and what it is to the reader. */
export function useTermView(term: Ref<TermOut | undefined>) {
  const code = computed(() => term.value?.code ?? '')
  const { seatsOf } = useAvailability(code)
  const timetable = useOwnTimetable(term)
  const plans = usePlans(code)
  return { code, seatsOf, timetable, plans }
}

export type TermView = ReturnType<typeof useTermView>
