import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api, body } from '@/api/client'
import { isRefusal } from '@/api/problem'
import type { MeOut } from '@/api/schema'

export type Role = 'student' | 'instructor' | 'registrar' | 'admin'

/** Who is signed in, in this browser; the session itself is a cookie that no script can read. */
export const useSession = defineStore('session', () => {
  const me = ref<MeOut | null>(null)
  const state = ref<'idle' | 'loading' | 'done' | 'error'>('idle')
  const ended = ref(false)
  const roles = computed(() => new Set((me.value?.roles ?? []) as Role[]))

  /** Ask who is signed in, once; a browser without a session is nobody. */
  async function find(): Promise<void> {
    if (state.value === 'done') return
    state.value = 'loading'
    try {
      me.value = await body(api.GET('/api/v1/auth/me'))
      state.value = 'done'
    } catch (error) {
      me.value = null
      state.value = isRefusal(error, 'unauthenticated') || isRefusal(error, 'invalid-token') ? 'done' : 'error'
    }
  }

  async function signIn(username: string, password: string): Promise<void> {
    await api.POST('/api/v1/auth/session', { body: { username, password } })
    state.value = 'idle'
    ended.value = false
    await find()
  }

  async function signOut(): Promise<void> {
    await api.DELETE('/api/v1/auth/session')
    me.value = null
  }

  /** The server no longer knows the session: it expired, or was ended elsewhere. */
  function lose(): void {
    if (me.value !== null) ended.value = true
    me.value = null
  }

  return { me, state, ended, roles, find, signIn, signOut, lose }
})
