import { createRouter, createWebHistory, type RouteLocationNormalized, type RouteRecordRaw } from 'vue-router'
import { courseRoutes } from '@/course/routes'
import { enrollmentRoutes } from '@/enrollment/routes'
import { gatewayRoutes } from '@/gateway/routes'
import { type Role, useSession } from '@/gateway/session'
import { studentRoutes } from '@/student/routes'

declare module 'vue-router' {
  interface RouteMeta {
    /** Who may open the page; without it, everybody. */
    roles?: Role[]
  }
}

export const routes: RouteRecordRaw[] = [
  ...gatewayRoutes,
  ...courseRoutes,
  ...studentRoutes,
  ...enrollmentRoutes,
  { path: '/:unknown(.*)*', name: 'not-found', component: () => import('@/gateway/NotFoundPage.vue') },
]

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
  if (!roles) return true
  if (session.me === null) return { name: 'sign-in', query: { next: to.fullPath } }
  if (roles.some(role => session.roles.has(role))) return true
  return { name: 'not-yours' }
}
