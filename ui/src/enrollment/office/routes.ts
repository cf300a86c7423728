import type { RouteRecordRaw } from 'vue-router'

export const enrollmentOfficeRoutes: RouteRecordRaw[] = [
  { path: '/office/windows', name: 'office-windows', component: () => import('./WindowsPage.vue'), meta: { roles: ['registrar'] } },
]
