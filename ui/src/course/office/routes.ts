import type { RouteRecordRaw } from 'vue-router'

const meta = { roles: ['registrar' as const] }

/** The registrar's pages of the catalog. */
export const courseOfficeRoutes: RouteRecordRaw[] = [
  { path: '/office/terms', name: 'office-terms', component: () => import('./TermsPage.vue'), meta },
  { path: '/office/terms/new', name: 'office-term-new', component: () => import('./TermPage.vue'), meta },
  { path: '/office/terms/:code', name: 'office-term', component: () => import('./TermPage.vue'), meta },
  { path: '/office/courses', name: 'office-courses', component: () => import('./CoursesPage.vue'), meta },
  { path: '/office/courses/new', name: 'office-course-new', component: () => import('./CoursePage.vue'), meta },
  { path: '/office/courses/:code', name: 'office-course', component: () => import('./CoursePage.vue'), meta },
  { path: '/office/offerings', name: 'office-offerings', component: () => import('./OfferingsPage.vue'), meta },
  { path: '/office/offerings/new', name: 'office-offering-new', component: () => import('./NewOfferingPage.vue'), meta },
  { path: '/office/offerings/:id', name: 'office-offering', component: () => import('./OfferingPage.vue'), meta },
]
