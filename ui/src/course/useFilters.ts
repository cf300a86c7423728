import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute, useRouter } from 'vue-router'
import { type FilterName, FILTERS, filtersOf, wordsOf } from './filters'
import { useWords } from './useWords'

/** Words and filters of the search, kept in the address: they survive a reload, the way back, and being sent to a friend. */
export function useFilters() {
  const route = useRoute()
  const router = useRouter()
  const { t } = useI18n()
  const say = useWords()
  const words = computed(() => wordsOf(route.query))
  const filters = computed(() => filtersOf(route.query))
  const active = computed(() => FILTERS.flatMap((name) => {
    const value = filters.value[name]
    return value ? [{ name, text: text(name, value) }] : []
  }))

  /** Typing is one step of the way back, every other choice a step of its own. */
  function search(value: string): void {
    void router.replace({ query: { ...route.query, q: value || undefined } })
  }

  function choose(name: FilterName, value: string): void {
    if ((filters.value[name] ?? '') === value) return
    void router.push({ query: { ...route.query, [name]: value || undefined } })
  }

  function clear(): void {
    void router.push({ query: { term: route.query.term } })
  }

  function text(name: FilterName, value: string): string {
    return t(`course.find.active.${name}`, { value: wordFor(name, value) })
  }

  function wordFor(name: FilterName, value: string): string {
    if (name === 'day') return t(`design.days.${value}`)
    if (name === 'component') return say.component(value)
    return name === 'language' ? say.language(value) : value
  }

  return { words, filters, active, search, choose, clear }
}
