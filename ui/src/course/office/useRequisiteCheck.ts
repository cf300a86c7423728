import { watchDebounced } from '@vueuse/core'
import { onScopeDispose, ref, shallowRef } from 'vue'
import { api, body } from '@/api/client'
import { Refused } from '@/api/problem'
import type { RequisitesOut } from '@/api/schema'

const PAUSE = 400

/** Asks the university, as somebody types, whether a text can be read as what a course requires. */
export function useRequisiteCheck(text: () => string, course: () => string | undefined) {
  const state = ref<'idle' | 'loading' | 'done' | 'error'>('idle')
  const answer = shallowRef<RequisitesOut | null>(null)
  const refusal = shallowRef<Refused | null>(null)
  let running = new AbortController()

  async function check() {
    running.abort()
    running = new AbortController()
    const { signal } = running
    if (text().trim() === '') {
      settle('idle', null, null)
      return
    }
    state.value = 'loading'
    try {
      const code = course()
      const told = await body(api.POST('/api/v1/requisite-parses', { body: { text: text(), ...(code ? { course: code } : {}) }, signal }))
      if (!signal.aborted) settle('done', told, null)
    } catch (error) {
      // Without an answer nothing is claimed about the text; saving judges it anyway.
      if (!signal.aborted) settle('error', null, error instanceof Refused ? error : null)
    }
  }

  function settle(become: typeof state.value, told: RequisitesOut | null, refused: Refused | null) {
    state.value = become
    answer.value = told
    refusal.value = refused
  }

  watchDebounced(text, check, { debounce: PAUSE })
  void check()
  onScopeDispose(() => {
    running.abort()
  })
  return { state, answer, refusal }
}
