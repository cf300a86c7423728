import type { RouteRecordRaw } from 'vue-router'
import { courseOfficeRoutes } from './office/routes'

export const courseRoutes: RouteRecordRaw[] = [
  ...courseOfficeRoutes,
]
