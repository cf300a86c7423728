import { ref } from 'vue'
import { api, body } from '@/api/client'
import { clockAhead, timezone } from '@/design/zone'

/** What the university's own sign-in is called, where there is one. */
export const signInWith = ref<string | null>(null)

/** Learn what that is called, and the university's time zone and clock; without an answer the device's own clock has to do. */
export async function learnAbout(): Promise<void> {
  const sent = Date.now()
  const about = await body(api.GET('/api/v1/about'))
  timezone.value = about.timezone
  signInWith.value = about.sign_in_with ?? null
  clockAhead.value = Date.parse(about.now) - (sent + Date.now()) / 2
}
