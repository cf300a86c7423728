import type { RouteRecordRaw } from 'vue-router'
import { studentOfficeRoutes } from './office/routes'

export const studentRoutes: RouteRecordRaw[] = [
  { path: '/timetable', name: 'timetable', component: () => import('./TimetablePage.vue'), meta: { roles: ['student'] } },
  { path: '/transcript', name: 'transcript', component: () => import('./TranscriptPage.vue'), meta: { roles: ['student'] } },
  { path: '/notifications', name: 'notifications', component: () => import('./NotificationsPage.vue'), meta: { roles: ['student'] } },
  ...studentOfficeRoutes,
]
