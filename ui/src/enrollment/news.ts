import type { EnrollmentOut } from '@/api/schema'

/** What became of a wait, without the student's doing. */
export type News = 'placed' | 'offered' | 'changed' | 'expired' | 'canceled'
export interface Told { enrollment: EnrollmentOut, news: News }

/** What is different between two looks at the same student's enrollments, of those that waited or were offered. */
export function newsOf(before: readonly EnrollmentOut[], after: readonly EnrollmentOut[]): Told[] {
  const known = new Map(before.map(one => [one.id, one]))
  return after.flatMap((enrollment) => {
    const was = known.get(enrollment.id)
    const news = was && turn(was, enrollment)
    return news ? [{ enrollment, news }] : []
  })
}

function turn(was: EnrollmentOut, is: EnrollmentOut): News | null {
  if (was.status === 'waitlisted' && is.status === 'offered') return 'offered'
  if (was.status === 'waitlisted' && is.status === 'enrolled') return 'placed'
  if (was.status === is.status && was.waitlist !== null && is.waitlist === null && isOther(was, is)) return 'changed'
  if (was.status === 'offered' && is.status === 'dropped') return 'expired'
  if (['waitlisted', 'offered'].includes(was.status) && is.status === 'canceled') return 'canceled'
  return null
}

function isOther(was: EnrollmentOut, is: EnrollmentOut): boolean {
  return is.section_ids.some(id => !was.section_ids.includes(id))
}
