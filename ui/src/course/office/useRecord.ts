import { useQueryClient } from '@tanstack/vue-query'
import { shallowRef } from 'vue'
import type { Read } from '@/api/client'

/** Reads one record for editing, with the version to name when it is changed; `blank` begins a new one. */
export function useRecord<Data>(blank: Data, ask: (() => Promise<Read<Data>>) | null) {
  const start = shallowRef<Read<Data> | undefined>(ask ? undefined : { data: blank, etag: '' })
  const error = shallowRef<Error | null>(null)
  const queryClient = useQueryClient()

  async function refetch() {
    error.value = null
    try {
      if (ask) start.value = await ask()
    } catch (problem) {
      error.value = problem as Error
    }
  }
  void refetch()

  /** Lists of the whole catalog are asked for anew: they tell what was just changed. */
  const forget = (...lists: string[]) => Promise.all(lists.map(list => queryClient.invalidateQueries({ queryKey: [list] })))

  return { query: { data: start, error, isPending: shallowRef(true), refetch }, forget }
}
