import type { IntegrationIn, IntegrationOut, Scope, SystemRole } from '@/api/schema'

export const SCOPES = ['course:read', 'course:write', 'student:read', 'student:write', 'enrollment:read', 'enrollment:write', 'audit:read'] as const satisfies readonly Scope[]
export const ROLES = ['registrar'] as const satisfies readonly SystemRole[]
export const FIELDS = ['name', 'roles', 'scopes', 'disabled'] as const

/** An integration as the form has it. */
export interface IntegrationForm { name: string, roles: SystemRole[], scopes: Scope[], disabled: boolean }

export const EMPTY: IntegrationForm = { name: '', roles: [...ROLES], scopes: [], disabled: false }

export function formOf({ name, roles, scopes, disabled }: IntegrationOut): IntegrationForm {
  return { name, roles: ROLES.filter(role => roles.includes(role)), scopes: SCOPES.filter(scope => scopes.includes(scope)), disabled }
}

export function bodyOf({ name, roles, scopes, disabled }: IntegrationForm): IntegrationIn {
  return { name: name.trim(), roles: [...roles], scopes: [...scopes], disabled }
}
