import type { RouteRecordRaw } from 'vue-router'

export const studentRoutes: RouteRecordRaw[] = []
