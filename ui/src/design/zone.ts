import { ref } from 'vue'
import { localOf } from './localTime'

/** The university's time zone, and how far its clock is ahead of this device's, in milliseconds. */
export const timezone = ref('Europe/Warsaw')
export const clockAhead = ref(0)

/** The university's present moment, in milliseconds since the epoch. */
export function universityNow(): number {
  return Date.now() + clockAhead.value
}

/** The day at the university, `2026-10-01`. */
export function universityToday(): string {
  return localOf(new Date(universityNow()).toISOString(), timezone.value).slice(0, 10)
}
