import { createRouter, createWebHistory, type RouteLocationNormalized } from 'vue-router'
import { type Role, useSession } from '@/gateway/session'
import { type Part, useTexts } from '@/i18n'
import { routes } from '@/routes'

declare module 'vue-router' {
  interface RouteMeta {
    /** Who may open the page; without it, everybody. */
    roles?: Role[]
    /** What it says beyond the common texts; pages for staff alone have theirs without being told. */
    texts?: Part
  }
}

export const router = createRouter({
  history: createWebHistory(),
  routes,
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- what is to replace it is experimental
  scrollBehavior: (to, from, kept) => kept ?? (to.path === from.path ? false : { top: 0 }),
})

router.beforeEach(async (to) => {
  const session = useSession()
  const part = isForStaff(to) ? 'staff' : to.meta.texts
  await Promise.all([session.find(), part && useTexts(part)])
  return refuse(to, session)
})

function isForStaff(to: RouteLocationNormalized): boolean {
  return to.meta.roles?.every(role => role !== 'student') ?? false
}

function refuse(to: RouteLocationNormalized, session: ReturnType<typeof useSession>) {
  const roles = to.meta.roles
  if (!roles || session.state === 'error') return true
  if (session.me === null) return { name: 'sign-in', query: { next: to.fullPath } }
  if (roles.some(role => session.roles.has(role))) return true
  return { name: 'not-yours' }
}
