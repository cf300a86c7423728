import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { api, body, everyPage } from '@/api/client'
import type { TermOut } from '@/api/schema'
import { universityNow } from '@/design/zone'

/** All terms, the newest first. */
export function useTerms() {
  return useQuery({
    queryKey: ['terms'],
    queryFn: async () => {
      const terms = await everyPage(cursor => body(api.GET('/api/v1/terms', { params: { query: { limit: 200, cursor } } })))
      return terms.toSorted((a, b) => b.starts_on.localeCompare(a.starts_on))
    },
    staleTime: 60_000,
  })
}

/** The term that people deal with now: the next one whose adding is not over, else the newest. */
export function presentTerm(terms: readonly TermOut[], today: string): TermOut | undefined {
  const ahead = terms.filter(term => term.add_until >= today)
  return ahead.toSorted((a, b) => a.starts_on.localeCompare(b.starts_on))[0] ?? terms[0]
}

/** The term that runs today; between terms the one that people deal with now. */
export function runningTerm(terms: readonly TermOut[], today: string): TermOut | undefined {
  return terms.find(term => term.starts_on <= today && today <= term.ends_on) ?? presentTerm(terms, today)
}

/** The term of a page, kept in its address as `?term=CODE`; without it `choose` says which. */
export function useTerm(choose = presentTerm) {
  const route = useRoute()
  const router = useRouter()
  const terms = useTerms()
  const today = () => new Date(universityNow()).toISOString().slice(0, 10)
  const term = computed(() => {
    const all = terms.data.value ?? []
    return all.find(one => one.code === route.query.term) ?? choose(all, today())
  })
  const code = computed({
    get: () => term.value?.code ?? '',
    set: chosen => void router.replace({ query: { ...route.query, term: chosen } }),
  })
  return { terms, term, code }
}
