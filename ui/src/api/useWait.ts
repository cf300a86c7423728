import { computed, ref } from 'vue'
import { universityNow } from '@/design/zone'
import { Refused } from './problem'

const ASKED = [429, 503]

/** Until when the API wants to be left alone after it refused, as it asked with `Retry-After`. */
export function useWait() {
  const until = ref<string | null>(null)
  const waits = computed(() => until.value !== null)

  /** Note what a refusal asks; whatever asks nothing ends the wait. */
  function heed(error: unknown): void {
    const asked = error instanceof Refused && ASKED.includes(error.problem.status) ? error.retryAfter : null
    until.value = asked ? new Date(universityNow() + asked * 1000).toISOString() : null
  }

  return { until, waits, heed, over: () => heed(null) }
}
