import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** What is looked for, kept in the page's address as `?q=`. */
export function useSought() {
  const route = useRoute()
  const router = useRouter()
  return computed<string | number | null>({
    get: () => (typeof route.query.q === 'string' ? route.query.q : ''),
    set: words => void router.replace({ query: { ...route.query, q: words || undefined } }),
  })
}
