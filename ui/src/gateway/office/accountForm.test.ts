import { expect, it } from 'vitest'
import { difference } from '@/api/useEditing'
import { bodyOf, formOf } from './accountForm'

const ACCOUNT = { id: 'a', username: 'j.nowak', name: 'Jan Nowak', roles: ['registrar' as const, 'instructor' as const], student_id: null, instructor_id: 'i1', disabled: false, created_at: '2026-09-01T08:00:00Z', version: 1 }

it('a password that nobody typed is not sent with a change', () => {
  const before = formOf(ACCOUNT)

  expect(difference(bodyOf(before), bodyOf({ ...before, name: 'Jan Nowakowski' }))).toEqual({ name: 'Jan Nowakowski' })
  expect(difference(bodyOf(before), bodyOf({ ...before, password: 'a long sentence' }))).toEqual({ password: 'a long sentence' })
})

it('somebody who is bound to an account can be taken off it', () => {
  const before = formOf(ACCOUNT)

  expect(difference(bodyOf(before), bodyOf({ ...before, instructor_id: ' ' }))).toEqual({ instructor_id: null })
})
