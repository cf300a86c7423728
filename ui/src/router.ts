import { createRouter, createWebHistory, type RouteLocationNormalized } from 'vue-router'
import { type Role, useSession } from '@/gateway/session'
import { routes } from '@/routes'

declare module 'vue-router' {
  interface RouteMeta {
    /** Who may open the page; without it, everybody. */
    roles?: Role[]
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
  await session.find()
  return refuse(to, session)
})

function refuse(to: RouteLocationNormalized, session: ReturnType<typeof useSession>) {
  const roles = to.meta.roles
  if (!roles || session.state === 'error') return true
  if (session.me === null) return { name: 'sign-in', query: { next: to.fullPath } }
  if (roles.some(role => session.roles.has(role))) return true
  return { name: 'not-yours' }
}
