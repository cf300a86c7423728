/** From the search to the registration: a plan, its reasons and their ways out, one request. */
import type { Office, Told } from './harness/office'
import { axe, expect, fits, meeting, test, type Page } from './harness/test'

/** A course with a lecture and two groups of laboratory, of which the student learns only once the registrar asks for it. */
async function withLaboratory(office: Office, title: string): Promise<{ course: Told, offering: Told }> {
  const lab = (number: string, day: string) => ({ number, component: 'laboratory', meetings: [meeting(day, '14:00', '15:30', { component: 'laboratory' })] })
  const { course, offering } = await office.offered([{ number: 'W1', meetings: [meeting('fri', '08:00', '09:30')] }, lab('L1', 'thu'), lab('L2', 'fri')], { title })
  await office.ask('PATCH', `/offerings/${offering.id}`, { required_components: ['lecture'] })
  return { course, offering }
}

async function addFromSearch(page: Page, words: string, title: string, group?: string): Promise<void> {
  await page.getByRole('searchbox', { name: 'Search' }).fill(words)
  await page.getByRole('button', { name: `Add to plan: ${title}` }).click()
  const dialog = page.getByRole('dialog')
  if (group) await dialog.getByRole('radio', { name: group, exact: true }).check()
  await dialog.getByRole('button', { name: 'Add to plan' }).click()
  await expect(dialog).toBeHidden()
}

function card(page: Page, code: string) {
  return page.getByRole('listitem').filter({ has: page.getByRole('heading', { level: 3, name: code }) })
}

/** The requests that the last changes of enrollments came from. */
async function requestsBehind(office: Office, enrollments: Told[]): Promise<string[]> {
  const histories = await Promise.all(enrollments.map(one => office.get(`/enrollments/${one.id}/history`)))
  return [...new Set(histories.map(history => history.items.at(-1).request_id as string))]
}

test('a student plans, sees every reason with its ways out, applies them and registers for all in one request', async ({ asStudent, office }) => {
  const { mark } = office
  const student = await office.student()
  const kept = await office.offered([{ meetings: [meeting('mon', '10:00', '11:30')] }])
  const left = await office.offered([{ meetings: [meeting('tue', '10:00', '11:30')] }])
  await office.enrolled(student, kept.sections[0].id)
  const dropped = await office.enrolled(student, left.sections[0].id)
  const laboratory = await withLaboratory(office, `Żółw ${mark}`)
  const elsewhere = await office.offered([{ meetings: [meeting('mon', '11:00', '12:30')] }, { meetings: [meeting('wed', '11:00', '12:30')] }], { title: `Gęś ${mark}` })
  const instead = await office.offered([{ meetings: [meeting('tue', '11:00', '12:30')] }], { title: `Łoś ${mark}` })
  const before = await office.course()
  const later = await office.offered([{ meetings: [meeting('thu', '08:00', '09:30')] }], { title: `Jeż ${mark}`, requisites: before.code })

  const page = await asStudent(student.number)
  await page.goto('/courses')
  await addFromSearch(page, `zolw ${mark}`, `Żółw ${mark}`)
  await addFromSearch(page, `ges ${mark}`, `Gęś ${mark}`, '1')
  await addFromSearch(page, `los ${mark}`, `Łoś ${mark}`)
  await addFromSearch(page, `jez ${mark}`, `Jeż ${mark}`)
  await office.ask('PATCH', `/offerings/${laboratory.offering.id}`, { required_components: ['lecture', 'laboratory'] })
  const hold = await office.post(`/students/${student.id}/holds`, { reason: 'Unreturned books', contact: 'The library, library@example.edu', effects: ['block-add'] })
  await page.getByRole('link', { name: 'Plan', exact: true }).click()

  await expect(page.getByRole('heading', { name: '4 courses in this plan' })).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: '5 reasons stand in the way.' })).toBeVisible()
  await expect(page.getByText('Unreturned books')).toHaveCount(1)
  await expect(page.getByRole('link', { name: 'Write to library@example.edu' })).toBeVisible()
  await expect(card(page, laboratory.course.code)).toContainText('also needs a section of the kind laboratory')
  await expect(card(page, elsewhere.course.code)).toContainText(`clashes with ${kept.course.code}`)
  await expect(card(page, later.course.code).getByRole('link', { name: `See ${before.code}` })).toBeVisible()
  await axe(page)
  await fits(page)

  await card(page, laboratory.course.code).getByRole('button', { name: 'Add section L2.' }).click()
  await expect(card(page, laboratory.course.code)).toContainText('laboratory L2')
  await expect(page.getByRole('heading', { level: 3, name: laboratory.course.code })).toBeFocused()
  await card(page, elsewhere.course.code).getByRole('button', { name: 'Take section 2 instead.' }).click()
  await card(page, instead.course.code).getByRole('button', { name: `Drop ${left.course.code}.` }).click()
  await expect(page.getByRole('button', { name: `Keep it: ${left.course.code}` })).toBeVisible()
  await card(page, later.course.code).getByRole('button', { name: /^Remove from plan/ }).click()
  await expect(page.getByRole('heading', { name: '3 courses in this plan' })).toBeFocused()
  await office.ask('DELETE', `/students/${student.id}/holds/${hold.id}`)
  await page.getByRole('button', { name: 'Check again' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'All 3 courses can be registered.' })).toBeVisible()

  await page.getByRole('button', { name: 'Register all' }).dblclick()

  await expect(page.getByText('Enrolled: 3 courses')).toBeVisible()
  await expect(page.getByText('This plan is empty')).toBeVisible()
  const { items } = await office.get(`/enrollments?student_id=${student.id}&status=enrolled`)
  expect(items.map((one: Told) => one.course.code).sort()).toEqual([kept, laboratory, elsewhere, instead].map(one => one.course.code).sort())
  expect((await office.get(`/enrollments/${dropped.id}`)).status).toBe('dropped')
  expect(await requestsBehind(office, [...items.filter((one: Told) => one.course.id !== kept.course.id), dropped])).toHaveLength(1)
  await axe(page)
})

test('plans are kept by the university: they survive a reload, and are the same in another browser', async ({ asStudent, office }) => {
  const student = await office.student()
  const { course } = await office.offered([{ meetings: [meeting('mon', '08:00', '09:30')] }], { title: `Plans ${office.mark}` })
  const page = await asStudent(student.number)
  await page.goto('/courses')
  await addFromSearch(page, `plans ${office.mark}`, `Plans ${office.mark}`)
  await page.goto('/plan')
  await page.getByRole('button', { name: 'Rename' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Mornings')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('button', { name: 'New plan' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Mornings')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveAccessibleDescription('Another plan for this term has this name.')
  await axe(page)
  await fits(page)
  await page.getByRole('textbox', { name: 'Name' }).fill('Evenings')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByText('This plan is empty')).toBeVisible()
  await page.reload()
  await expect(page.getByRole('combobox', { name: 'Plan' })).toHaveText(/Mornings\s*Evenings/)

  const other = await asStudent(student.number)
  await other.goto('/plan')
  await expect(other.getByRole('combobox', { name: 'Plan' }).getByRole('option')).toHaveText(['Mornings', 'Evenings'])
  await expect(other.getByRole('heading', { level: 3, name: course.code })).toBeVisible()
  await other.getByRole('button', { name: 'Delete plan' }).click()
  await other.getByRole('alertdialog').getByRole('button', { name: 'Delete plan' }).click()
  await expect(other.getByText('This plan is empty')).toBeVisible()

  expect((await office.get(`/plans?student_id=${student.id}`)).items.map((plan: Told) => plan.name)).toEqual(['Evenings'])
})

test('a change that meets one from another browser is applied to what is there', async ({ asStudent, office }) => {
  const student = await office.student()
  const [first, second] = [await office.offered(), await office.offered()]
  const items = [first, second].map(one => ({ section_ids: [one.sections[0].id] }))
  const plan = await office.post('/plans', { student_id: student.id, term_id: (await office.term()).id, name: 'Both', items })
  const page = await asStudent(student.number)
  await page.goto('/plan')
  await page.getByRole('heading', { level: 3, name: first.course.code }).waitFor()
  await card(page, first.course.code).getByRole('button', { name: /^Remove from plan/ }).click()
  await expect(page.getByRole('heading', { name: '1 course in this plan' })).toBeVisible()
  const third = await office.offered()
  await office.ask('PUT', `/plans/${plan.id}`, { name: 'Both', items: [items[1], { section_ids: [third.sections[0].id] }] })

  await card(page, second.course.code).getByRole('button', { name: /^Remove from plan/ }).click()

  await expect(page.getByRole('heading', { level: 3, name: third.course.code })).toBeVisible()
  await expect(page.getByRole('heading', { name: '1 course in this plan' })).toBeVisible()
})

test('what is possible is registered, and the rest stays in the plan with its reasons', async ({ asStudent, office }) => {
  const student = await office.student()
  const free = await office.offered()
  const full = await office.offered([{ capacity: 0 }])
  await office.post('/plans', { student_id: student.id, term_id: (await office.term()).id, name: 'Both', items: [free, full].map(one => ({ section_ids: [one.sections[0].id] })) })
  const page = await asStudent(student.number)
  await page.goto('/plan')
  await page.getByRole('checkbox', { name: 'All or nothing' }).uncheck()
  await page.getByRole('button', { name: 'Register all' }).click()

  await expect(page.getByText('Enrolled: 1 course, not all of the plan')).toBeVisible()
  await expect(page.getByRole('heading', { name: '1 course in this plan' })).toBeVisible()
  await expect(card(page, full.course.code)).toContainText('1 reason against it')
})

test('before registration opens a clock runs, and then the button works without a reload', async ({ asStudent, office }) => {
  const student = await office.student()
  const term = await office.post('/terms', { code: `T${office.mark}`.toUpperCase(), title: 'Later', starts_on: '2031-10-01', ends_on: '2032-02-01' })
  const course = await office.course()
  const offering = await office.post('/offerings', { course_id: course.id, term_id: term.id })
  const section = await office.post('/sections', { offering_id: offering.id, number: '1', component: 'lecture', capacity: 1 })
  await office.post('/plans', { student_id: student.id, term_id: term.id, name: 'Later', items: [{ section_ids: [section.id] }] })
  const page = await asStudent(student.number)
  const { now } = await office.get('/about')
  const opens = new Date(Date.parse(now) + 12_000).toISOString()
  await office.post('/registration-windows', { term_id: term.id, name: 'Everybody', opens_at: opens, closes_at: '2031-12-01T00:00:00Z' })
  await page.goto(`/plan?term=${term.code}`)

  await expect(page.getByText('Registration opens for you in')).toBeVisible()
  await expect(page.getByRole('timer').first()).toHaveText(/^00:00:\d\d$/)
  await expect(page.getByRole('button', { name: 'Register all' })).toBeDisabled()
  await expect(page.getByRole('button', { name: 'Register all' })).toBeEnabled()
  await expect(page.getByRole('status').filter({ hasText: 'The course can be registered.' })).toBeVisible()
  await page.getByRole('button', { name: 'Register all' }).click()

  await expect(page.getByText('Enrolled: 1 course')).toBeVisible()
})
