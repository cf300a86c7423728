import { shallowReactive, watch } from 'vue'
import { isId } from './audit'

const AT_ONCE = 200

/** What goes by ids, each asked about once; who is gone, or may not be told of, stays an id. */
export function useNames<T extends { id: string }>(wanted: () => readonly string[], ask: (ids: string[]) => Promise<readonly T[]>) {
  const names = shallowReactive(new Map<string, T>())
  const asked = new Set<string>()

  async function name(ids: string[]) {
    ids.forEach(id => asked.add(id))
    try {
      for (const one of await ask(ids)) names.set(one.id, one)
    } catch {
      // The page says as much with ids; the next ones are asked about together with these.
      ids.forEach(id => asked.delete(id))
    }
  }
  watch(wanted, (ids) => {
    const fresh = [...new Set(ids)].filter(id => isId(id) && !asked.has(id))
    for (let first = 0; first < fresh.length; first += AT_ONCE) void name(fresh.slice(first, first + AT_ONCE))
  }, { immediate: true })

  return names
}
