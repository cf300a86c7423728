import type { AccountIn, AccountOut, Role } from '@/api/schema'
import { textOrNull } from '@/design/words'

export const ROLES = ['student', 'instructor', 'registrar', 'admin'] as const satisfies readonly Role[]

/** An account as the form has it; an empty password of one that exists stays as it is. */
export interface AccountForm {
  username: string
  name: string
  password: string
  roles: Role[]
  student_id: string
  instructor_id: string
  disabled: boolean
}

export const FIELDS = ['username', 'name', 'password', 'roles', 'student_id', 'instructor_id', 'disabled'] as const

export const EMPTY: AccountForm = { username: '', name: '', password: '', roles: [], student_id: '', instructor_id: '', disabled: false }

export function formOf(account: AccountOut): AccountForm {
  const { username, name, roles, disabled } = account
  return { username, name, password: '', roles: ROLES.filter(role => roles.includes(role)), student_id: account.student_id ?? '', instructor_id: account.instructor_id ?? '', disabled }
}

export function bodyOf(form: AccountForm): AccountIn {
  const { username, name, password, roles, disabled } = form
  return { username, name, password, roles, disabled, student_id: textOrNull(form.student_id), instructor_id: textOrNull(form.instructor_id) }
}
