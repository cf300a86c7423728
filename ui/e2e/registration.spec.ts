/** What a student sees of the own registration: when it opens, what stands in the way, and how a place is given back. */
import { expect, meeting, test, type Page } from './harness/test'
import type { Office } from './harness/office'

/** A term that nobody else deals with, with a window for everybody. */
async function termWithWindow(office: Office, opensAt: Date, closesAt: Date) {
  const code = `R${office.mark}-${opensAt.getTime()}`.toUpperCase().slice(0, 20)
  const term = await office.post('/terms', { code, title: `Term ${code}`, starts_on: '2031-10-01', ends_on: '2032-02-06' })
  await office.post('/registration-windows', { term_id: term.id, name: 'For everybody', opens_at: opensAt.toISOString(), closes_at: closesAt.toISOString(), max_ects: 30 })
  return term
}

function inSeconds(seconds: number): Date {
  return new Date(Date.now() + seconds * 1000)
}

/** Open the dialog that asks before a place is given back. */
async function askToDrop(page: Page) {
  const button = page.getByRole('button', { name: /^Drop/ })
  await button.click()
  return { button, dialog: page.getByRole('alertdialog') }
}

test('the window is counted down to, and opens without a reload', async ({ asStudent, office }) => {
  const student = await office.student()
  const page = await asStudent(student.number)
  const term = await termWithWindow(office, inSeconds(12), inSeconds(3600))
  await page.goto(`/?term=${term.code}`)

  await expect(page.getByRole('timer')).toHaveText(/^00:00:\d\d$/)
  await expect(page.getByText('Registration opens for you in')).toBeVisible()
  await expect(page.getByText('Registration is open for you until')).toBeVisible()
  await expect(page.getByText('You may register for up to 30 ECTS.')).toBeVisible()
})

test('whoever has no window is told whom to ask', async ({ asStudent, office }) => {
  const student = await office.student({ program: 'INF', stage: 1 })
  const term = await office.post('/terms', { code: `N${office.mark}`.toUpperCase(), title: 'Without a window', starts_on: '2032-10-01', ends_on: '2033-02-06' })
  await office.post('/registration-windows', { term_id: term.id, name: 'For others', opens_at: inSeconds(-60).toISOString(), closes_at: inSeconds(3600).toISOString(), stage: [3] })
  const page = await asStudent(student.number)
  await page.goto(`/registration?term=${term.code}`)

  await expect(page.getByText('There is no registration window for you in this term')).toBeVisible()
  await expect(page.getByText('Ask there when yours is planned')).toBeVisible()
})

test('a hold is told with its reason and with whom to ask', async ({ asStudent, office }) => {
  const student = await office.student()
  await office.post(`/students/${student.id}/holds`, { reason: 'Unpaid library fee', contact: 'Library, library@example.edu', effects: ['block-add'] })
  const page = await asStudent(student.number)
  await page.goto('/')

  const notice = page.getByRole('listitem').filter({ hasText: 'Unpaid library fee' })
  await expect(notice).toContainText('you cannot register for courses')
  await expect(notice).toContainText('Library, library@example.edu')
  await expect(notice.getByRole('link')).toHaveAttribute('href', 'mailto:library@example.edu')
})

test('a course is dropped after a warning that names the deadline', async ({ asStudent, office }) => {
  const student = await office.student()
  const { sections: [section] } = await office.offered([{ capacity: 1, meetings: [meeting('mon', '10:00', '11:30')] }], { title: 'Ćwiczenia z rezygnacji', title_en: 'Exercises in leaving', ects: 4 })
  const enrollment = await office.enrolled(student, section.id)
  const page = await asStudent(student.number)
  await page.goto('/registration')
  await expect(page.getByRole('heading', { name: '1 course, 4 ECTS' })).toBeVisible()

  const { button, dialog } = await askToDrop(page)
  await expect(dialog).toContainText('Drop Exercises in leaving?')
  await expect(dialog).toContainText(/You may drop this course until \w+ \d+, \d{4}; after that day you can only withdraw/)
  await expect(dialog).toContainText('Somebody else may take your seat immediately')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(button).toBeFocused()
  expect((await office.get(`/enrollments/${enrollment.id}`)).status).toBe('enrolled')

  await button.click()
  await dialog.getByRole('button', { name: 'Drop the course' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'You have dropped Exercises in leaving.' })).toBeVisible()
  await expect(page.getByText('You are not registered for anything in this term')).toBeVisible()
  await expect(page.getByRole('heading', { name: '0 courses, 0 ECTS' })).toBeFocused()
  expect((await office.get(`/enrollments/${enrollment.id}`)).status).toBe('dropped')
  await office.enrolled(await office.student(), section.id)
})

test('a refused drop tells every reason, and the place stays', async ({ asStudent, office }) => {
  const student = await office.student()
  const { sections: [section] } = await office.offered()
  const enrollment = await office.enrolled(student, section.id)
  await office.post(`/students/${student.id}/holds`, { reason: 'Talk to your adviser first', contact: 'Room 12', effects: ['block-drop'] })
  await office.post(`/students/${student.id}/holds`, { reason: 'Visa', contact: 'International office', effects: ['block-drop'] })
  const page = await asStudent(student.number)
  await page.goto('/registration')

  const { dialog } = await askToDrop(page)
  await dialog.getByRole('button', { name: 'Drop the course' }).click()

  await expect(dialog).toContainText('Talk to your adviser first')
  await expect(dialog).toContainText('International office')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('article')).toContainText('Enrolled')
  expect((await office.get(`/enrollments/${enrollment.id}`)).status).toBe('enrolled')
})

test('the history of an enrollment is told on demand', async ({ asStudent, office }) => {
  const student = await office.student()
  const { sections: [section] } = await office.offered()
  await office.enrolled(student, section.id)
  const page = await asStudent(student.number)
  await page.goto('/registration')

  await page.locator('summary').filter({ hasText: 'History' }).click()

  await expect(page.getByRole('article')).toContainText('enrolled, by you')
})

test('whoever comes back after the session has ended signs in again and is where they were', async ({ asStudent, office }) => {
  const student = await office.student()
  const { sections: [section] } = await office.offered()
  await office.enrolled(student, section.id)
  const page = await asStudent(student.number)
  const term = await office.term()
  await page.goto(`/registration?term=${term.code}`)
  await expect(page.getByRole('article')).toBeVisible()
  const [cookie] = await page.context().cookies()
  const origin = new URL(page.url()).origin
  await fetch(`${origin}/api/v1/auth/session`, { method: 'DELETE', headers: { 'X-CSRF': '1', 'Cookie': `${cookie?.name ?? ''}=${cookie?.value ?? ''}` } })

  await page.locator('summary').filter({ hasText: 'History' }).click()

  await expect(page.getByText('Your session has ended.')).toBeVisible()
  await page.getByLabel('User name').fill(student.number)
  await page.getByLabel('Password').fill('demo')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(`/registration?term=${term.code}`)
  await expect(page.getByRole('article')).toBeVisible()
})
