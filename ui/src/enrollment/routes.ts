import type { RouteRecordRaw } from 'vue-router'
import { enrollmentOfficeRoutes } from './office/routes'

export const enrollmentRoutes: RouteRecordRaw[] = [
  ...enrollmentOfficeRoutes,
]
