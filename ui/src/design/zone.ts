import { ref } from 'vue'

/** The university's time zone, and how far its clock is ahead of this device's, in milliseconds. */
export const timezone = ref('Europe/Warsaw')
export const clockAhead = ref(0)

/** The university's present moment, in milliseconds since the epoch. */
export function universityNow(): number {
  return Date.now() + clockAhead.value
}
