import { api, newKey, read, type Read } from '@/api/client'
import type { CourseIn, CourseOut } from '@/api/schema'
import { numberOrNull, textOrNull } from '@/design/words'

export interface CourseForm {
  code: string
  title: string
  title_en: string
  description: string
  description_en: string
  ects: number | string | null
  department: string
  level: string
  max_attempts: number | string | null
  repeatable: boolean
  requisites: string
}

export const NO_COURSE: CourseOut = { id: '', version: 0, code: '', title: '', title_en: null, description: null, description_en: null, ects: 0, department: null, level: null, max_attempts: null, repeatable: false, requisites: null }

export const readCourse = (code: string): Promise<Read<CourseOut>> => read(api.GET('/api/v1/courses/{key}', { params: { path: { key: code } } }))

/** How a course is edited; one without a code is yet to be made. */
export function courseEditing(code: string | undefined) {
  return {
    formOf: (course: CourseOut): CourseForm => ({
      code: course.code,
      title: course.title,
      title_en: course.title_en ?? '',
      description: course.description ?? '',
      description_en: course.description_en ?? '',
      ects: course.version === 0 ? '' : course.ects,
      department: course.department ?? '',
      level: course.level ?? '',
      max_attempts: course.max_attempts,
      repeatable: course.repeatable,
      requisites: course.requisites ?? '',
    }),
    bodyOf: (form: CourseForm) => ({
      ...form,
      title_en: textOrNull(form.title_en),
      description: textOrNull(form.description),
      description_en: textOrNull(form.description_en),
      // An empty field is left to the API, which says that it is missing.
      ects: numberOrNull(form.ects) as number,
      department: textOrNull(form.department),
      level: textOrNull(form.level),
      max_attempts: numberOrNull(form.max_attempts),
      requisites: textOrNull(form.requisites),
    }),
    read: () => readCourse(code ?? ''),
    write: (changes: Partial<CourseIn>, etag: string) => code === undefined
      ? read<CourseOut>(api.POST('/api/v1/courses', { params: { header: { 'Idempotency-Key': newKey() } }, body: changes as CourseIn }))
      : read<CourseOut>(api.PATCH('/api/v1/courses/{key}', { params: { path: { key: code }, header: { 'If-Match': etag } }, body: changes })),
  }
}
