import { keepPreviousData, useInfiniteQuery } from '@tanstack/vue-query'
import { watchDebounced } from '@vueuse/core'
import { computed, reactive, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { api, body } from '@/api/client'
import type { StudentStatus } from '@/api/schema'
import { useAside } from '@/design/useAside'

const FILTERS = ['program', 'stage', 'status', 'group'] as const
type Filters = Record<'q' | (typeof FILTERS)[number], string>
export const STATUSES = ['active', 'on-leave', 'suspended', 'graduated', 'withdrawn'] as const satisfies readonly StudentStatus[]

/** The filters of the list of students, kept in the page's address but for the words, which may name somebody. */
export function useFilters() {
  const route = useRoute()
  const router = useRouter()
  const q = useAside('q')
  const told = computed(() => ({ q: q.value, ...Object.fromEntries(FILTERS.map(name => [name, typeof route.query[name] === 'string' ? route.query[name] : ''])) }) as Filters)
  const typed = reactive({ ...told.value })
  const narrowed = computed(() => Object.values(told.value).some(Boolean))

  watchDebounced(typed, () => {
    const { q: words, ...others } = typed
    q.value = words.trim()
    void router.replace({ query: Object.fromEntries(Object.entries(others).filter(([, value]) => value.trim() !== '')) })
  }, { debounce: 300 })
  // Going back and forth brings back what was typed then.
  watch(told, (now) => {
    for (const name of ['q', ...FILTERS] as const) if (typed[name].trim() !== now[name]) typed[name] = now[name]
  })
  const clear = () => Object.assign(typed, { q: '', program: '', stage: '', status: '', group: '' })

  return { told, typed, narrowed, clear }
}

/** Whole years only: whatever else is in an address would be refused. */
function stageOf(text: string): number | undefined {
  const stage = Number(text)
  return Number.isInteger(stage) && stage >= 1 && stage <= 20 ? stage : undefined
}

/** The students that fit, page by page. */
export function useStudents(filters: { readonly value: Filters }) {
  const query = useInfiniteQuery({
    queryKey: ['students', 'list', computed(() => filters.value)],
    queryFn: ({ pageParam }) => {
      const { q, program, stage, status, group } = filters.value
      const narrowed = { q: q || undefined, program: program || undefined, stage: stageOf(stage), status: STATUSES.find(one => one === status), group: group || undefined }
      return body(api.POST('/api/v1/students/search', { body: { ...narrowed, limit: 50, cursor: pageParam, total: true } }))
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: page => page.next ?? undefined,
    placeholderData: keepPreviousData,
  })
  const students = computed(() => query.data.value?.pages.flatMap(page => page.items) ?? [])
  const total = computed(() => query.data.value?.pages[0]?.total ?? 0)
  return { query, students, total }
}
