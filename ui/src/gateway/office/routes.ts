import type { RouteRecordRaw } from 'vue-router'

export const gatewayOfficeRoutes: RouteRecordRaw[] = [
  { path: '/office/import', name: 'office-import', component: () => import('./ImportPage.vue'), meta: { roles: ['registrar'] } },
  { path: '/office/audit', name: 'office-audit', component: () => import('./AuditPage.vue'), meta: { roles: ['registrar', 'admin'] } },
  { path: '/office/accounts', name: 'office-accounts', component: () => import('./AccountsPage.vue'), meta: { roles: ['admin'] } },
  { path: '/office/integrations', name: 'office-integrations', component: () => import('./IntegrationsPage.vue'), meta: { roles: ['admin'] } },
]
