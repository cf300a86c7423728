import type { StudentIn, StudentOut, StudentStatus } from '@/api/schema'
import { numberOrNull, textOrNull, wordsOf } from '@/design/words'

/** A student as the form has it: empty fields for what is not known, groups as they are typed. */
export interface StudentForm {
  number: string
  given_name: string
  family_name: string
  email: string
  program: string
  stage: string | number | null
  level: string
  status: StudentStatus
  groups: string
  max_ects: string | number | null
}

export const FIELDS = ['number', 'given_name', 'family_name', 'email', 'program', 'stage', 'level', 'status', 'groups', 'max_ects'] as const

export const EMPTY: StudentForm = { number: '', given_name: '', family_name: '', email: '', program: '', stage: null, level: '', status: 'active', groups: '', max_ects: null }

export function formOf(student: StudentOut): StudentForm {
  const { number, given_name, family_name, email, stage, status, max_ects } = student
  return { number, given_name, family_name, email, stage, status, max_ects, program: student.program ?? '', level: student.level ?? '', groups: student.groups.join(', ') }
}

export function bodyOf(form: StudentForm): StudentIn {
  const { number, given_name, family_name, email, status } = form
  return {
    number, given_name, family_name, email, status,
    program: textOrNull(form.program),
    stage: numberOrNull(form.stage),
    level: textOrNull(form.level),
    groups: wordsOf(form.groups),
    max_ects: numberOrNull(form.max_ects),
  }
}
