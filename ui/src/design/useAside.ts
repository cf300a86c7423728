import { ref, watch } from 'vue'
import { useRoute } from 'vue-router'

/** A text that comes back with the page when one goes back to it, though no address holds it: it may name somebody. */
export function useAside(name: string) {
  const route = useRoute()
  const text = ref(keptAs(name))
  // At once, since the router takes along what is there when the address changes.
  watch(text, now => history.replaceState({ ...history.state, [name]: now || undefined }, ''), { flush: 'sync' })
  // Another entry of the history has another text, or none.
  watch(() => route.fullPath, () => {
    text.value = keptAs(name)
  })
  return text
}

function keptAs(name: string): string {
  const kept: unknown = (history.state as Record<string, unknown> | null)?.[name]
  return typeof kept === 'string' ? kept : ''
}
