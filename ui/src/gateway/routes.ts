import type { RouteRecordRaw } from 'vue-router'
import { accountRoutes } from './account/routes'
import { gatewayOfficeRoutes } from './office/routes'

export const gatewayRoutes: RouteRecordRaw[] = [
  { path: '/', name: 'home', component: () => import('./HomePage.vue') },
  { path: '/sign-in', name: 'sign-in', component: () => import('./SignInPage.vue') },
  { path: '/accessibility', name: 'accessibility', component: () => import('./AccessibilityPage.vue') },
  { path: '/not-yours', name: 'not-yours', component: () => import('./NotYoursPage.vue') },
  ...accountRoutes,
  ...gatewayOfficeRoutes,
]
