import { computed, ref } from 'vue'
import { newKey } from './client'

/**
 * Sends something once: not again while it is under way, and under a key of its own, so that it happens once however
 * often the network makes it ask. `submit` returns the answer, or null when it was refused.
 */
export function useSending<Given extends unknown[], Answer>(send: (key: string, ...given: Given) => Promise<Answer>) {
  const state = ref<'idle' | 'loading' | 'done' | 'error'>('idle')
  const error = ref<unknown>(null)
  const busy = computed(() => state.value === 'loading')

  async function submit(...given: Given): Promise<Answer | null> {
    if (busy.value) return null
    state.value = 'loading'
    try {
      const answer = await send(newKey(), ...given)
      error.value = null
      state.value = 'done'
      return answer
    } catch (problem) {
      error.value = problem
      state.value = 'error'
      return null
    }
  }

  function reset() {
    state.value = 'idle'
    error.value = null
  }

  return { state, error, busy, submit, reset }
}
