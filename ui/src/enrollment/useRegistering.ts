import { computed, shallowRef } from 'vue'
import { api, body, newKey } from '@/api/client'
import { isRefusal, Refused, Unreachable } from '@/api/problem'
import type { RegistrationRequestIn, RegistrationRequestOut } from '@/api/schema'

/** A request on its way: kept in the browser until it is answered, so that the same one is asked again, by the same key. */
export interface Pending {
  key: string
  plan: string
  request: RegistrationRequestIn
  /** The sections that were known to be full when it was sent. */
  full: string[]
  at: number
}

export interface Answered extends Pending { answer: RegistrationRequestOut }
export type State = 'idle' | 'loading' | 'done' | 'error'

/** The university remembers a key for a day. */
const KEPT = 23 * 3_600_000
const PAUSE = 1500

/** What is asked for: all of a plan, or one change of a place. Each waits for its answer by itself. */
export type Purpose = 'registration' | 'change'

/** Asks for places, once, whatever happens meanwhile; one of these a student and purpose, for all pages. */
export function createRegistering(student: string, pause = PAUSE, purpose: Purpose = 'registration') {
  const place = `${purpose}-of-${student}`
  const state = shallowRef<State>('idle')
  const error = shallowRef<unknown>(null)
  const answered = shallowRef<Answered | null>(null)
  const pending = shallowRef(recall(place))

  function keep(now: Pending | null) {
    pending.value = now
    if (now) localStorage.setItem(place, JSON.stringify(now))
    else localStorage.removeItem(place)
  }

  /** Ask for what the request says, unless an earlier one still waits for its answer: then that one is asked again. */
  async function register(wish: Pick<Pending, 'plan' | 'request' | 'full'>, conclude: Conclude): Promise<void> {
    if (state.value === 'loading') return
    if (!pending.value) keep({ ...wish, key: newKey(), at: Date.now() })
    await resume(conclude)
  }

  /** Ask again for what was never answered, if there is something. */
  async function resume(conclude: Conclude): Promise<void> {
    const asked = pending.value
    if (!asked || state.value === 'loading') return
    state.value = 'loading'
    error.value = null
    answered.value = null
    try {
      const answer = await ask(asked, pause)
      await conclude({ ...asked, answer })
      keep(null)
      answered.value = { ...asked, answer }
      state.value = 'done'
    } catch (problem) {
      if (isFinal(problem)) keep(null)
      error.value = problem
      state.value = 'error'
    }
  }

  /** Forget the answer; what waits for one is never forgotten. */
  function clear() {
    if (state.value === 'loading' || pending.value) return
    state.value = 'idle'
    error.value = null
    answered.value = null
  }

  return { state, error, answered, waits: computed(() => pending.value !== null), register, resume, clear }
}

/** What follows from an answer; runs again after a crash, so it must do the same twice. */
export type Conclude = (answered: Answered) => Promise<void>
export type Registering = ReturnType<typeof createRegistering>

const all = new Map<string, Registering>()

export function useRegistering(student: string, purpose: Purpose = 'registration'): Registering {
  const name = `${purpose} ${student}`
  const known = all.get(name) ?? createRegistering(student, PAUSE, purpose)
  all.set(name, known)
  return known
}

async function ask(asked: Pending, pause: number): Promise<RegistrationRequestOut> {
  for (;;) {
    try {
      return await body(api.POST('/api/v1/registration-requests', { params: { header: { 'Idempotency-Key': asked.key } }, body: asked.request }))
    } catch (problem) {
      // The first one is still being worked on, perhaps because the network broke off while it was.
      if (!isRefusal(problem, 'idempotency-key-busy')) throw problem
      await new Promise(resolve => setTimeout(resolve, pause))
    }
  }
}

/** Whether a refusal says for certain that nothing was done, and the same again would be refused again. */
function isFinal(problem: unknown): boolean {
  if (problem instanceof Unreachable || !(problem instanceof Refused)) return false
  const { status } = problem.problem
  return status >= 400 && status < 500 && ![401, 403, 408, 429].includes(status)
}

function recall(place: string): Pending | null {
  try {
    const kept = JSON.parse(localStorage.getItem(place) ?? 'null') as Pending | null
    if (kept && Date.now() - kept.at < KEPT) return kept
  } catch {
    // Not what this page has written.
  }
  localStorage.removeItem(place)
  return null
}
