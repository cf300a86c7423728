import type { RouteRecordRaw } from 'vue-router'

const meta: RouteRecordRaw['meta'] = { roles: ['registrar'] }

export const studentOfficeRoutes: RouteRecordRaw[] = [
  { path: '/office/students', name: 'office-students', component: () => import('./StudentsPage.vue'), meta },
  { path: '/office/students/new', name: 'office-student-new', component: () => import('./StudentNewPage.vue'), meta },
  { path: '/office/students/:id', name: 'office-student', component: () => import('./StudentPage.vue'), props: true, meta },
]
