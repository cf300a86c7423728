/** What the pages show that are looked at one by one: made once, and rich enough to show what may go wrong. */
import { meeting, type Office, type Offered, type Student, type Told } from './office'

export interface World {
  office: Office
  /** Has places in two courses, one of them passed earlier, a hold, and a plan with several reasons against it. */
  student: Student
  /** Has nothing yet. */
  newcomer: Student
  term: Told
  /** Offered with seats left; the student has a place in it. */
  taken: Offered
}

/** Make the facts that pages are looked at with. */
export async function world(office: Office): Promise<World> {
  const term = await office.term()
  const student = await office.student({ given_name: 'Zofia', family_name: 'Wiśniewska-Brzęczyszczykiewicz' })
  const newcomer = await office.student()
  const taken = await office.offered(
    [
      { meetings: [meeting('mon', '10:00', '11:30'), meeting('tue', '14:15', '15:45', { weeks: 'odd' })] },
      { number: '2', meetings: [meeting('fri', '08:00', '09:30', { weeks: 'even' })] },
    ],
    { title: 'Wstęp do teorii złożoności obliczeniowej', title_en: 'Introduction to computational complexity' },
  )
  const seminar = await office.offered([{ meetings: [meeting('tue', '12:00', '13:30')] }], { title: 'Seminarium dyplomowe' })
  await office.enrolled(student, taken.sections[0].id)
  await office.enrolled(student, seminar.sections[0].id)
  await plan(office, student, term)
  await past(office, student)
  await office.post(`/students/${student.number}/holds`, {
    reason: 'Dwie książki z biblioteki',
    contact: 'library@example.edu',
    effects: ['block-add'],
  })
  return { office, student, newcomer, term, taken }
}

/** A plan of one course that is free, one that is full, one that clashes, and one whose requisites are not met. */
async function plan(office: Office, student: Student, term: Told): Promise<void> {
  const free = await office.offered([{ meetings: [meeting('thu', '16:00', '17:30')] }], { title: 'Grafika komputerowa', title_en: 'Computer graphics' })
  const full = await office.offered([{ capacity: 1, meetings: [meeting('wed', '12:00', '13:30')] }], { title: 'Programowanie w logice', title_en: 'Logic programming' })
  const clash = await office.offered([{ meetings: [meeting('mon', '11:00', '12:30')] }], { title: 'Historia nauki', title_en: 'History of science' })
  const unmet = await office.offered([{ meetings: [meeting('thu', '08:00', '09:30')] }], { title: 'Niemiecki w nauce', title_en: 'German for science', requisites: 'LEK-111' })
  await office.enrolled(await office.student(), full.sections[0].id)
  const items = [free, full, clash, unmet].map(({ sections }) => ({ section_ids: [sections[0].id as string] }))
  await office.post('/plans', { student_id: student.id, term_id: term.id, name: 'Mój plan', items }, student.number)
}

async function past(office: Office, student: Student): Promise<void> {
  const { items: terms } = await office.get('/terms?limit=200')
  const [oldest] = (terms as Told[]).toSorted((a, b) => a.starts_on.localeCompare(b.starts_on) as number)
  for (const grade of ['4.5', '3.0']) {
    const { code } = await office.course()
    await office.post(`/students/${student.id}/completed-courses`, { course: code, term: oldest.code, grade })
  }
}
