import { api, body } from '@/api/client'
import { clockAhead, timezone } from '@/design/zone'

/** Learn the university's time zone and clock; without an answer the device's own clock has to do. */
export async function learnTime(): Promise<void> {
  const sent = Date.now()
  const about = await body(api.GET('/api/v1/about'))
  timezone.value = about.timezone
  clockAhead.value = Date.parse(about.now) - (sent + Date.now()) / 2
}
