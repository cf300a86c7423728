import { computed } from 'vue'
import { type Role, useSession } from './session'

interface Entry { to: string, label: string, roles?: Role[] }

/** The main menu in its order; `label` is a key of the messages. */
const ENTRIES: Entry[] = []

/** The entries that the person who is signed in may open. */
export function useNavigation() {
  const session = useSession()
  return computed(() => ENTRIES.filter(entry => !entry.roles || entry.roles.some(role => session.roles.has(role))))
}
