import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api, body } from '@/api/client'
import { Refused } from '@/api/problem'
import type { MeOut } from '@/api/schema'

export type Role = 'student' | 'instructor' | 'registrar' | 'admin'

// Whoever never signed in with this browser need not be asked for; the server decides all the same.
const KEPT = 'signed-in'

/** Who is signed in, in this browser; the session itself is a cookie that no script can read. */
export const useSession = defineStore('session', () => {
  const me = ref<MeOut | null>(null)
  const state = ref<'idle' | 'loading' | 'done' | 'error'>('idle')
  const ended = ref(false)
  const roles = computed(() => new Set((me.value?.roles ?? []) as Role[]))

  /** Ask who is signed in, once; a browser without a session is nobody. */
  async function find(): Promise<void> {
    if (state.value === 'done') return
    if (localStorage.getItem(KEPT) === null) {
      state.value = 'done'
      return
    }
    state.value = 'loading'
    try {
      me.value = await body(api.GET('/api/v1/auth/me'))
      state.value = 'done'
    } catch (error) {
      me.value = null
      const nobody = error instanceof Refused && error.problem.status === 401
      state.value = nobody ? 'done' : 'error'
      if (nobody) localStorage.removeItem(KEPT)
    }
  }

  async function signIn(username: string, password: string): Promise<void> {
    await api.POST('/api/v1/auth/session', { body: { username, password } })
    localStorage.setItem(KEPT, 'yes')
    state.value = 'idle'
    ended.value = false
    await find()
  }

  /** Leave for the university's own sign-in; the browser comes back with a session, or with what stands in the way. */
  function leave(next: string): void {
    localStorage.setItem(KEPT, 'yes')
    window.location.assign(`/api/v1/auth/oidc/login?${new URLSearchParams({ next })}`)
  }

  async function signOut(): Promise<void> {
    await api.DELETE('/api/v1/auth/session')
    localStorage.removeItem(KEPT)
    me.value = null
  }

  /** The server no longer knows the session: it expired, or was ended elsewhere. */
  function lose(): void {
    if (me.value !== null) ended.value = true
    localStorage.removeItem(KEPT)
    me.value = null
  }

  return { me, state, ended, roles, find, signIn, leave, signOut, lose }
})
