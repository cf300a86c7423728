import { api, read, type Read } from '@/api/client'
import type { OfferingOut, OfferingPatch } from '@/api/schema'
import { numberOrNull, wordsOf } from '@/design/words'
import { type RestrictionForm, restrictionBody, restrictionForm } from './sectionForm'

type Figure = number | string | null

export interface OfferingForm {
  ects: Figure
  grading_scale: string
  waitlist_policy: string
  required_components: string
  status: string
  add_until: string
  drop_until: string
  withdraw_until: string
  add_weeks: Figure
  drop_weeks: Figure
  withdraw_weeks: Figure
  restrictions: RestrictionForm[]
  cross_listed_with: string
}

export const readOffering = (id: string): Promise<Read<OfferingOut>> => read(api.GET('/api/v1/offerings/{key}', { params: { path: { key: id } } }))

/** How an offering is edited. */
export function offeringEditing(id: string) {
  return {
    formOf: (told: OfferingOut): OfferingForm => ({
      ects: told.ects,
      grading_scale: told.grading_scale,
      waitlist_policy: told.waitlist_policy,
      required_components: told.required_components.join(', '),
      status: told.status,
      add_until: told.add_until ?? '',
      drop_until: told.drop_until ?? '',
      withdraw_until: told.withdraw_until ?? '',
      add_weeks: told.add_weeks,
      drop_weeks: told.drop_weeks,
      withdraw_weeks: told.withdraw_weeks,
      restrictions: told.restrictions.map(restrictionForm),
      cross_listed_with: told.cross_listed_with ?? '',
    }),
    bodyOf: (form: OfferingForm) => ({
      ects: numberOrNull(form.ects),
      grading_scale: form.grading_scale as OfferingPatch['grading_scale'],
      waitlist_policy: form.waitlist_policy as OfferingPatch['waitlist_policy'],
      required_components: wordsOf(form.required_components),
      status: form.status as OfferingPatch['status'],
      add_until: form.add_until || null,
      drop_until: form.drop_until || null,
      withdraw_until: form.withdraw_until || null,
      add_weeks: numberOrNull(form.add_weeks),
      drop_weeks: numberOrNull(form.drop_weeks),
      withdraw_weeks: numberOrNull(form.withdraw_weeks),
      restrictions: form.restrictions.map(restrictionBody),
      cross_listed_with: form.cross_listed_with || null,
    }),
    read: () => readOffering(id),
    write: (changes: OfferingPatch, etag: string) => read<OfferingOut>(api.PATCH('/api/v1/offerings/{key}', { params: { path: { key: id }, header: { 'If-Match': etag } }, body: changes })),
  }
}
