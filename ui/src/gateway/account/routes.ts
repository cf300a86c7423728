import type { RouteRecordRaw } from 'vue-router'

export const accountRoutes: RouteRecordRaw[] = [
  { path: '/account', name: 'account', component: () => import('./AccountPage.vue'), meta: { roles: ['student', 'instructor', 'registrar', 'admin'], texts: 'account' } },
  { path: '/activate', name: 'activate', component: () => import('./ActivationPage.vue'), meta: { texts: 'account' } },
]
