/** What the pages show that are looked at one by one: one student's plan, places and reasons, made once. */
import { meeting, type Office, type Offered, type Student, type Told } from './office'

export interface World {
  office: Office
  /** Has places in two courses, and a hold. */
  student: Student
  term: Told
  /** Offered with seats left; the student has a place in it. */
  taken: Offered
  /** Offered and full. */
  full: Offered
}

/** Make the facts that pages are looked at with. */
export async function world(office: Office): Promise<World> {
  const term = await office.term()
  const student = await office.student({ given_name: 'Zofia', family_name: 'Wiśniewska-Brzęczyszczykiewicz' })
  const taken = await office.offered([{ meetings: [meeting('mon', '10:00', '11:30')] }], {
    title: 'Wstęp do teorii złożoności obliczeniowej',
    title_en: 'Introduction to computational complexity',
  })
  const full = await office.offered([{ capacity: 1, meetings: [meeting('tue', '12:00', '13:30')] }], {
    title: 'Seminarium dyplomowe',
  })
  await office.enrolled(student, taken.sections[0].id)
  await office.enrolled(student, full.sections[0].id)
  return { office, student, term, taken, full }
}
