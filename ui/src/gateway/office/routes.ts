import type { RouteRecordRaw } from 'vue-router'

export const gatewayOfficeRoutes: RouteRecordRaw[] = [
  { path: '/office/import', name: 'office-import', component: () => import('./ImportPage.vue'), meta: { roles: ['registrar'] } },
  { path: '/office/accounts', name: 'office-accounts', component: () => import('./AccountsPage.vue'), meta: { roles: ['admin'] } },
]
