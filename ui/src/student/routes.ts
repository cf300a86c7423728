import type { RouteRecordRaw } from 'vue-router'

export const studentRoutes: RouteRecordRaw[] = [
  { path: '/timetable', name: 'timetable', component: () => import('./TimetablePage.vue'), meta: { roles: ['student'] } },
  { path: '/transcript', name: 'transcript', component: () => import('./TranscriptPage.vue'), meta: { roles: ['student'] } },
]
