import type { RouteRecordRaw } from 'vue-router'

export const courseRoutes: RouteRecordRaw[] = []
