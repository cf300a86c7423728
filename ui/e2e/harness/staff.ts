/** What staff deals with: grades that stand, a queue, requests for consent, and a place whose requisites a grade has broken. */
import type { Offered, Office, Student, Told } from './office'

/** The instructor of the demo account. */
export async function teacher(office: Office): Promise<string> {
  return (await office.get('/auth/me', 'instructor')).instructor_id as string
}

export function graded(office: Office, enrollment: Told, grade: string, facts: object = {}): Promise<Told> {
  return office.ask('PUT', `/enrollments/${enrollment.id}/grade`, { grade, ...facts })
}

/** A section that the demo's instructor teaches: one student has passed, one has failed, one has no grade yet. */
export async function gradedSection(office: Office): Promise<Offered & { students: Student[], enrollments: Told[] }> {
  const offered = await office.offered([{ number: 'W1', instructors: [await teacher(office)] }], { title: 'Bazy danych', title_en: 'Databases' })
  const students: Student[] = []
  const enrollments: Told[] = []
  for (const [family_name, grade] of [['Adamska', '4.0'], ['Borowik', '2.0'], ['Cichy', '']] as const) {
    const student = await office.student({ family_name })
    const enrollment = await office.enrolled(student, offered.sections[0].id)
    if (grade) await graded(office, enrollment, grade)
    students.push(student)
    enrollments.push(enrollment)
  }
  return { ...offered, students, enrollments }
}

/** An offering under a code of its own whose section shares the seats of another's first one. */
export async function crossListed(office: Office, primary: Offered): Promise<Offered> {
  const offered = await office.offered([], { title: 'Złożoność obliczeniowa', title_en: 'Computational complexity' }, { cross_listed_with: primary.offering.id })
  const host = primary.sections[0]
  const section = await office.post('/sections', { offering_id: offered.offering.id, number: 'X1', component: host.component, shares_seats_with: host.id, meetings: host.meetings })
  return { ...offered, sections: [section] }
}

/** A section that the demo's instructor teaches, full, with two students who wait. */
export async function queued(office: Office): Promise<Offered & { waiting: Student[] }> {
  const offered = await office.offered([{ capacity: 1, instructors: [await teacher(office)] }], { title: 'Sztuczna inteligencja', title_en: 'Artificial intelligence' })
  const waiting: Student[] = []
  await office.enrolled(await office.student(), offered.sections[0].id)
  for (const family_name of ['Kolejkowska', 'Oczekujący']) {
    const student = await office.student({ family_name })
    await office.post('/enrollments', { student_id: student.id, section_ids: [offered.sections[0].id], waitlist: true }, student.number)
    waiting.push(student)
  }
  return { ...offered, waiting }
}

/** A student who asks the demo's instructor to be let into a section that needs consent. */
export async function asking(office: Office, facts: object = {}): Promise<Offered & { student: Student, request: Told }> {
  const offered = await office.offered([{ instructors: [await teacher(office)], restrictions: [{ consent: 'instructor' }] }])
  const student = await office.student(facts)
  const section = offered.sections[0]
  const request = await office.post('/consent-requests', { student_id: 'me', section_id: section.id, rules: ['restricted'], message: 'Piszę z tego pracę dyplomową.' }, student.number)
  return { ...offered, student, request }
}

/** A place in the open term that rested on a course of the term before, which was then not passed. */
export async function broken(office: Office, facts: object = {}): Promise<{ student: Student, course: Told, enrollment: Told }> {
  const before = await termBefore(office)
  const student = await office.student(facts)
  const first = await office.offered([{}], {}, { term_id: before.id })
  const next = await office.offered([{}], { title: 'Seminarium dyplomowe II', title_en: 'Diploma seminar II', requisites: first.course.code })
  const late = { student_id: student.id, term_id: before.id, rules: ['window-not-open', 'window-closed', 'deadline-passed'], reason: 'Dopisany po terminie.' }
  await office.post('/permissions', late)
  const running = await office.enrolled(student, first.sections[0].id)
  const enrollment = await office.enrolled(student, next.sections[0].id)
  await graded(office, running, '2.0')
  await graded(office, running, '2.0', { attempt: 2 })
  await office.eventually('/broken-requisites?limit=200', told => told.items.some((one: Told) => one.enrollment_id === enrollment.id))
  return { student, course: next.course, enrollment }
}

async function termBefore(office: Office): Promise<Told> {
  const open = await office.term()
  const { items } = await office.get('/terms?limit=200')
  return (items as Told[]).filter(term => term.starts_on < open.starts_on).toSorted((a, b) => b.starts_on.localeCompare(a.starts_on) as number)[0]
}
