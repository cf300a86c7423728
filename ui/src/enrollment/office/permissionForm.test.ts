import { expect, it } from 'vitest'
import type { OfferingOut, PolicyOut } from '@/api/schema'
import { bodyOf, newPermission } from './permissionForm'
import { bodyOf as policyBody, formOf as policyForm, severitiesOf } from './policyForm'

const offering = { id: 'o' } as OfferingOut

it('says where a permission holds: one section, one offering, or the term', () => {
  const scope = (facts: object) => {
    const { section_id, offering_id, term_id } = bodyOf({ ...newPermission('7'), ...facts }, '2026Z', 'Europe/Warsaw')
    return { section_id, offering_id, term_id }
  }

  expect(scope({ offering, section: 's' })).toEqual({ section_id: 's' })
  expect(scope({ offering })).toEqual({ offering_id: 'o' })
  expect(scope({})).toEqual({ term_id: '2026Z' })
})

it('ends a permission by the university’s clock, or never', () => {
  expect(bodyOf({ ...newPermission(' 7 '), expires_at: '2026-10-01T08:00' }, 't', 'Europe/Warsaw')).toMatchObject({ student_id: '7', uses: 1, expires_at: '2026-10-01T06:00:00Z' })
  expect(bodyOf({ ...newPermission('7'), uses: '' }, 't', 'Europe/Warsaw')).toMatchObject({ uses: 1, expires_at: null })
})

it('a policy that nobody touched says what it was', () => {
  const policy: PolicyOut = { term_id: 't', version: 2, severities: { 'credit-limit': 'warning', 'hold': 'off' }, max_waiting_ects: null, offer_hours: 24 }

  expect(policyBody(policyForm(policy))).toEqual({ policy: { severities: { 'hold': 'off', 'credit-limit': 'warning' }, max_waiting_ects: null, offer_hours: 24 } })
})

it('never passes over in silence what is not known', () => {
  expect([severitiesOf('requisites-unknown'), severitiesOf('hold')]).toEqual([['fatal', 'warning'], ['fatal', 'warning', 'off']])
})
