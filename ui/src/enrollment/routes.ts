import type { RouteRecordRaw } from 'vue-router'
import { enrollmentOfficeRoutes } from './office/routes'

export const enrollmentRoutes: RouteRecordRaw[] = [
  { path: '/plan', name: 'plan', component: () => import('./PlanPage.vue'), meta: { roles: ['student'] } },
  { path: '/registration', name: 'registration', component: () => import('./RegistrationPage.vue'), meta: { roles: ['student'] } },
  { path: '/requests', name: 'requests', component: () => import('./RequestsPage.vue'), meta: { roles: ['student'] } },
  { path: '/teaching', name: 'teaching', component: () => import('./teaching/TeachingPage.vue'), meta: { roles: ['instructor'] } },
  { path: '/teaching/:section', name: 'roster', component: () => import('./teaching/RosterPage.vue'), meta: { roles: ['instructor', 'registrar'] } },
  { path: '/teaching/:section/grades', name: 'grades', component: () => import('./teaching/GradesPage.vue'), meta: { roles: ['instructor', 'registrar'] } },
  { path: '/waitlist/:offering', name: 'waitlist', component: () => import('./teaching/WaitlistPage.vue'), meta: { roles: ['instructor', 'registrar'] } },
  { path: '/consents', name: 'consents', component: () => import('./teaching/ConsentsPage.vue'), meta: { roles: ['instructor', 'registrar'] } },
  ...enrollmentOfficeRoutes,
]
