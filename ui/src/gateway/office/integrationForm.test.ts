import { expect, it } from 'vitest'
import { bodyOf, EMPTY, formOf, SCOPES } from './integrationForm'

const KNOWN = { id: 'i', name: 'Boards', roles: ['registrar' as const], disabled: true, created_at: '2026-09-01T08:00:00Z', used_at: null, version: 2 }

it('a form that nobody touched says what the integration is', () => {
  expect(bodyOf(formOf({ ...KNOWN, scopes: ['course:read'] }))).toEqual({ name: 'Boards', roles: ['registrar'], scopes: ['course:read'], disabled: true })
})

it('scopes come in the order of the form, whatever the order of the API', () => {
  expect(formOf({ ...KNOWN, scopes: ['student:read', 'course:read'] }).scopes).toEqual(['course:read', 'student:read'])
})

it('a new one may do nothing until somebody says what', () => {
  expect(bodyOf({ ...EMPTY, name: ' Boards ' })).toEqual({ name: 'Boards', roles: ['registrar'], scopes: [], disabled: false })
  expect(SCOPES).toHaveLength(7)
})
