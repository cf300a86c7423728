/** What the pages show that are looked at one by one: made once, and rich enough to show what may go wrong. */
import { meeting, type Office, type Offered, type Student, type Told } from './office'
import { asking, broken, crossListed, gradedSection, queued } from './staff'

export interface World {
  office: Office
  /** Has places in two courses, one of them passed earlier, a hold, and a plan with several reasons against it. */
  student: Student
  /** Waits for one course and for another group of one, is offered a seat, has asked and was allowed, and was told of all that. */
  waiter: Student
  /** Has nothing yet. */
  newcomer: Student
  /** Has left. */
  former: Student
  term: Told
  /** Offered with seats left; the student has a place in it. */
  taken: Offered
  /** Taught by the demo's instructor, with grades that stand, that failed and that are yet to come. */
  taught: Offered
  /** Taught by the demo's instructor, and full. */
  queued: Offered
  /** Listed under its own code, with a section that shares the seats of one of `taken`. */
  listed: Offered
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
  const listed = await crossListed(office, taken)
  const taught = await gradedSection(office)
  await asking(office, { family_name: 'Prosząca' })
  await broken(office, { family_name: 'Naruszyciel' })
  await system(office)
  return { office, student, waiter: await waiter(office, term), newcomer, former: await office.student({ status: 'graduated' }), term, taken, taught, queued: await queued(office), listed }
}

/** A system that calls by itself, with a secret. */
async function system(office: Office): Promise<void> {
  const { id } = await office.post('/integrations', { name: `Tablice z rozkładem w holu głównym ${office.mark}`, scopes: ['course:read', 'student:read'] }, 'admin')
  await office.post(`/integrations/${id}/secrets`, { name: 'Tablice, jesień 2026' }, 'admin')
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

/** A student in all the states between asking for a place and having it. */
async function waiter(office: Office, term: Told): Promise<Student> {
  const [student, holder] = [await office.student({ given_name: 'Wacław', family_name: 'Czekalski' }), await office.student()]
  const queue = await office.offered([{ capacity: 1, meetings: [meeting('mon', '08:00', '09:30')] }], { title: 'Kryptografia', title_en: 'Cryptography' })
  const offer = await office.offered([{ capacity: 1, meetings: [meeting('tue', '08:00', '09:30')] }], { title: 'Filozofia techniki', title_en: 'Philosophy of technology' })
  const groups = await office.offered([{ meetings: [meeting('wed', '08:00', '09:30')] }, { capacity: 1, meetings: [meeting('thu', '08:00', '09:30')] }], { title: 'Rachunek prawdopodobieństwa', title_en: 'Probability' })
  const late = await office.offered([{ meetings: [meeting('fri', '12:00', '13:30')] }], { title: 'Fizyka doświadczalna', title_en: 'Experimental physics' })
  await office.ask('PATCH', `/offerings/${offer.offering.id}`, { waitlist_policy: 'offer' })
  const places = [queue, offer, groups].map(one => office.enrolled(holder, one.sections.at(-1).id as string))
  const [, offered] = await Promise.all(places)
  await office.enrolled(student, late.sections[0].id as string)
  await office.ask('PATCH', `/offerings/${late.offering.id}`, { drop_until: '2020-01-01' })
  const [instead, place] = [await office.offered([{}], { title: 'Etyka', title_en: 'Ethics' }), await office.enrolled(student, groups.sections[0].id as string)]
  const given = await office.enrolled(student, instead.sections[0].id as string)
  await office.requested(student, { action: 'swap', drop_enrollment_id: given.id, section_ids: [queue.sections[0].id], waitlist: true })
  await office.requested(student, { action: 'change_sections', enrollment_id: place.id, section_ids: [groups.sections[1].id], waitlist: true })
  await office.requested(student, { action: 'add', section_ids: [offer.sections[0].id], waitlist: true })
  await office.post(`/enrollments/${offered.id}/drop`, undefined, holder.number)
  await asked(office, student, [queue, groups, instead].map(one => one.sections[0].id as string))
  await wishes(office, student, term)
  await office.post('/permissions', { student_id: student.id, term_id: term.id, rules: ['credit-limit'], reason: 'Dwa kierunki', uses: 3, expires_at: '2031-01-01T00:00:00Z' })
  await office.post('/students/me/timetable-feeds', { name: 'Telefon', language: 'pl' }, student.number)
  await office.eventually(`/students/${student.id}/notifications`, told => (told.unread as number) >= 3)
  return student
}

/** A plan of one course that is full, and one that needs consent. */
async function wishes(office: Office, student: Student, term: Told): Promise<void> {
  const full = await office.offered([{ capacity: 0, meetings: [meeting('thu', '14:00', '15:30')] }], { title: 'Robotyka', title_en: 'Robotics' })
  const consent = await office.offered([{ restrictions: [{ consent: 'instructor' }] }], { title: 'Proseminarium', title_en: 'Undergraduate seminar' })
  const items = [full, consent].map(({ sections }) => ({ section_ids: [sections[0].id as string] }))
  await office.post('/plans', { student_id: student.id, term_id: term.id, name: 'Mój plan', items }, student.number)
}

/** One request that waits for its answer, one that was granted, and one that was not. */
async function asked(office: Office, student: Student, sections: string[]): Promise<void> {
  const answers = [undefined, ['grant', { reason: 'Proszę przyjść', uses: 1 }], ['deny', { reason: 'Brak miejsc w pracowni' }]] as const
  for (const [at, section_id] of sections.entries()) {
    const request = await office.post('/consent-requests', { student_id: 'me', section_id, rules: ['restricted', 'time-conflict'], asked_of: 'registrar', message: 'Proszę o zgodę: zaliczenie zdobyte za granicą.' }, student.number)
    const answer = answers[at]
    if (answer) await office.post(`/consent-requests/${request.id}/${answer[0]}`, answer[1])
  }
}
