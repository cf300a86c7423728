import type { RouteRecordRaw } from 'vue-router'
import { courseRoutes } from '@/course/routes'
import { enrollmentRoutes } from '@/enrollment/routes'
import { gatewayRoutes } from '@/gateway/routes'
import { studentRoutes } from '@/student/routes'

/** Every page, in a file of its own: the build reads it without a browser. */
export const routes: RouteRecordRaw[] = [
  ...gatewayRoutes,
  ...courseRoutes,
  ...studentRoutes,
  ...enrollmentRoutes,
  { path: '/:unknown(.*)*', name: 'not-found', component: () => import('@/gateway/NotFoundPage.vue') },
]
