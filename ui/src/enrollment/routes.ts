import type { RouteRecordRaw } from 'vue-router'

export const enrollmentRoutes: RouteRecordRaw[] = []
