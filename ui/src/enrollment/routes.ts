import type { RouteRecordRaw } from 'vue-router'
import { enrollmentOfficeRoutes } from './office/routes'

export const enrollmentRoutes: RouteRecordRaw[] = [
  { path: '/plan', name: 'plan', component: () => import('./PlanPage.vue'), meta: { roles: ['student'] } },
  { path: '/registration', name: 'registration', component: () => import('./RegistrationPage.vue'), meta: { roles: ['student'] } },
  ...enrollmentOfficeRoutes,
]
