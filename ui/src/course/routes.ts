import type { RouteRecordRaw } from 'vue-router'
import { courseOfficeRoutes } from './office/routes'

export const courseRoutes: RouteRecordRaw[] = [
  ...courseOfficeRoutes,
  { path: '/courses', name: 'courses', component: () => import('./FindPage.vue') },
  { path: '/courses/:code', name: 'course', component: () => import('./CoursePage.vue') },
]
