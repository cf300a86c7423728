import { computed } from 'vue'
import { type Role, useSession } from './session'

interface Entry { to: string, label: string, roles?: Role[] }

/** The main menu in its order; `label` is a key of the messages. */
const ENTRIES: Entry[] = [
  { to: '/courses', label: 'app.nav.courses' },
  { to: '/plan', label: 'app.nav.plan', roles: ['student'] },
  { to: '/registration', label: 'app.nav.registration', roles: ['student'] },
  { to: '/timetable', label: 'app.nav.timetable', roles: ['student'] },
  { to: '/transcript', label: 'app.nav.transcript', roles: ['student'] },
  { to: '/teaching', label: 'app.nav.teaching', roles: ['instructor'] },
  { to: '/consents', label: 'app.nav.consents', roles: ['instructor'] },
  { to: '/office/terms', label: 'app.nav.terms', roles: ['registrar'] },
  { to: '/office/courses', label: 'app.nav.catalog', roles: ['registrar'] },
  { to: '/office/offerings', label: 'app.nav.offerings', roles: ['registrar'] },
  { to: '/office/students', label: 'app.nav.students', roles: ['registrar'] },
  { to: '/office/windows', label: 'app.nav.windows', roles: ['registrar'] },
  { to: '/office/import', label: 'app.nav.import', roles: ['registrar'] },
  { to: '/office/accounts', label: 'app.nav.accounts', roles: ['admin'] },
]

/** The entries that the person who is signed in may open. */
export function useNavigation() {
  const session = useSession()
  return computed(() => ENTRIES.filter(entry => !entry.roles || entry.roles.some(role => session.roles.has(role))))
}
