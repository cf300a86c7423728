import type { RouteRecordRaw } from 'vue-router'

const meta: RouteRecordRaw['meta'] = { roles: ['registrar'] }

export const enrollmentOfficeRoutes: RouteRecordRaw[] = [
  { path: '/office/windows', name: 'office-windows', component: () => import('./WindowsPage.vue'), meta },
  { path: '/office/permissions', name: 'office-permissions', component: () => import('./PermissionsPage.vue'), meta },
  { path: '/office/policies', name: 'office-policies', component: () => import('./PoliciesPage.vue'), meta },
  { path: '/office/broken-requisites', name: 'office-broken', component: () => import('./BrokenPage.vue'), meta },
]
