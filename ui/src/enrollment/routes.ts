import type { RouteRecordRaw } from 'vue-router'
import { enrollmentOfficeRoutes } from './office/routes'

export const enrollmentRoutes: RouteRecordRaw[] = [
  { path: '/plan', name: 'plan', component: () => import('./PlanPage.vue'), meta: { roles: ['student'] } },
  { path: '/registration', name: 'registration', component: () => import('./RegistrationPage.vue'), meta: { roles: ['student'] } },
  { path: '/teaching', name: 'teaching', component: () => import('./teaching/TeachingPage.vue'), meta: { roles: ['instructor'] } },
  { path: '/teaching/:section', name: 'roster', component: () => import('./teaching/RosterPage.vue'), meta: { roles: ['instructor', 'registrar'] } },
  ...enrollmentOfficeRoutes,
]
