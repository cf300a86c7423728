import { api, newKey, read, type Read } from '@/api/client'
import type { TermIn, TermOut } from '@/api/schema'
import { numberOrNull } from '@/design/words'
import { type ChangedDay, changedDayOf, substitutionOf } from './calendar'

export interface TermForm {
  code: string
  title: string
  starts_on: string
  ends_on: string
  add_until: string
  drop_until: string
  withdraw_until: string
  max_ects: number | string | null
  calendar: ChangedDay[]
}

export const NO_TERM: TermOut = { id: '', version: 0, code: '', title: '', starts_on: '', ends_on: '', add_until: '', drop_until: '', withdraw_until: '', max_ects: null, calendar: [] }

export const readTerm = (code: string): Promise<Read<TermOut>> => read(api.GET('/api/v1/terms/{key}', { params: { path: { key: code } } }))

/** How a term is edited; one without a code is yet to be made. */
export function termEditing(code: string | undefined) {
  return {
    formOf: (term: TermOut): TermForm => ({
      code: term.code,
      title: term.title,
      starts_on: term.starts_on,
      ends_on: term.ends_on,
      add_until: term.add_until,
      drop_until: term.drop_until,
      withdraw_until: term.withdraw_until,
      max_ects: term.max_ects,
      calendar: term.calendar.map(changedDayOf),
    }),
    bodyOf: (form: TermForm): TermIn => ({
      ...form,
      add_until: form.add_until || null,
      drop_until: form.drop_until || null,
      withdraw_until: form.withdraw_until || null,
      max_ects: numberOrNull(form.max_ects),
      calendar: form.calendar.map(substitutionOf),
    }),
    read: () => readTerm(code ?? ''),
    write: (changes: Partial<TermIn>, etag: string) => code === undefined
      ? read<TermOut>(api.POST('/api/v1/terms', { params: { header: { 'Idempotency-Key': newKey() } }, body: changes as TermIn }))
      : read<TermOut>(api.PATCH('/api/v1/terms/{key}', { params: { path: { key: code }, header: { 'If-Match': etag } }, body: changes })),
  }
}
