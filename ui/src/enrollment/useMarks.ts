import { useLocalStorage } from '@vueuse/core'
import { computed } from 'vue'
import type { Giving } from './planRequest'

/** What a student decided about a plan beside its bundles, kept in this browser: which places are given back for it, and which bundles are waited for. */
export function useMarks(plan: () => string | undefined, standing: () => readonly string[], bundles: () => readonly string[]) {
  const dropped = useLocalStorage<Record<string, string[]>>('drops-of-plan', {})
  const favored = useLocalStorage<Record<string, string>>('drops-in-favor', {})
  const waited = useLocalStorage<Record<string, string[]>>('waits-of-plan', {})
  const list = computed(() => (dropped.value[plan() ?? ''] ?? []).filter(id => standing().includes(id)))
  const waits = computed(() => (waited.value[plan() ?? ''] ?? []).filter(key => bundles().includes(key)))
  const given = computed<Giving[]>(() => list.value.map(id => ({ id, instead: favored.value[`${plan() ?? ''} ${id}`] || undefined })))

  function give(ids: string[]) {
    dropped.value = { ...dropped.value, [plan() ?? '']: ids }
  }

  function wait(keys: string[]) {
    waited.value = { ...waited.value, [plan() ?? '']: keys }
  }

  const drops = {
    list,
    given,
    /** Give a place back, perhaps in favor of one bundle. */
    add: (id: string, instead?: string) => {
      favored.value = { ...favored.value, [`${plan() ?? ''} ${id}`]: instead ?? '' }
      give([...new Set([...list.value, id])])
    },
    remove: (id: string) => {
      give(list.value.filter(one => one !== id))
    },
    /** Whether a place is kept until the bundle that it makes room for is had. */
    waits: (id: string) => waits.value.includes(favored.value[`${plan() ?? ''} ${id}`] ?? ''),
  }
  return {
    drops,
    waits: {
      list: waits,
      add: (key: string) => {
        wait([...new Set([...waits.value, key])])
      },
      remove: (key: string) => {
        wait(waits.value.filter(one => one !== key))
      },
    },
  }
}
