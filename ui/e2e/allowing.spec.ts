/** What students are allowed beyond the rules: consent, permissions, and a term that takes a rule less strictly. */
import { expect, meeting, test } from './harness/test'
import { asking } from './harness/staff'

const MONDAY = [meeting('mon', '08:00', '09:30')]

test('an instructor grants consent, and the student gets in', async ({ asInstructor, office }) => {
  const { student, sections: [section], course, request } = await asking(office, { family_name: `Zgodna${office.mark}` })
  const term = await office.term()
  const page = await asInstructor()
  await page.goto(`/consents?term=${term.code}`)
  const card = page.getByRole('region', { name: `Zgodna${office.mark} Żaneta` })
  await expect(card).toContainText(`${course.code}, section 1`)
  await expect(card).toContainText('the section is only for some')
  await expect(card).toContainText('Piszę z tego pracę dyplomową.')

  await card.getByRole('button', { name: /^Grant/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Grant' }).click()
  await expect(dialog.getByLabel('Reason')).toBeFocused()
  await dialog.getByLabel('Reason').fill('Welcome.')
  await dialog.getByLabel('Until').fill('2090-01-01T12:00')
  await dialog.getByRole('button', { name: 'Grant' }).click()

  await expect(page.getByText(`Zgodna${office.mark} Żaneta may register now.`)).toBeVisible()
  await expect(card).toHaveCount(0)
  expect(await office.get(`/consent-requests/${request.id}`)).toMatchObject({ status: 'granted', answer: 'Welcome.' })
  expect((await office.enrolled(student, section.id)).status).toBe('enrolled')
  await page.getByLabel('Show').selectOption('granted')
  await expect(card).toContainText('Welcome.')
})

test('an instructor refuses consent, and says why', async ({ asInstructor, office }) => {
  const { request } = await asking(office, { family_name: `Odmowna${office.mark}` })
  const page = await asInstructor()
  await page.goto(`/consents?term=${(await office.term()).code}`)

  await page.getByRole('button', { name: new RegExp(`^Refuse.*Odmowna${office.mark} Żaneta`) }).click()
  await page.getByRole('dialog').getByLabel('Reason').fill('The laboratory is full.')
  await page.getByRole('dialog').getByRole('button', { name: 'Refuse' }).click()

  await expect(page.getByText(`Odmowna${office.mark} Żaneta is told why not.`)).toBeVisible()
  await expect(page.getByRole('region', { name: `Odmowna${office.mark} Żaneta` })).toHaveCount(0)
  expect(await office.get(`/consent-requests/${request.id}`)).toMatchObject({ status: 'denied', answer: 'The laboratory is full.' })
})

test('a permission is given, honored once, and another one is taken back', async ({ asRegistrar, office }) => {
  const { course, sections: [section] } = await office.offered([{ capacity: 0 }])
  const student = await office.student()
  const term = await office.term()
  const page = await asRegistrar()
  await page.goto(`/office/permissions?term=${term.code}`)
  await page.getByRole('button', { name: 'Give a permission' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Give', exact: true }).click()
  await expect(dialog.getByLabel('Student number')).toHaveAttribute('aria-invalid', 'true')

  await dialog.getByLabel('Student number').fill(student.number)
  await dialog.getByLabel('Only in one course').fill(course.code)
  await dialog.getByRole('button', { name: `Choose ${course.code}` }).click()
  await dialog.getByLabel('Section', { exact: true }).selectOption('lecture 1')
  await dialog.getByLabel('no seat is free').check()
  await dialog.getByLabel('Reason').fill('Agreed with the dean.')
  await dialog.getByRole('button', { name: 'Give', exact: true }).click()
  await expect(page.getByText('The permission is given.')).toBeVisible()
  expect((await office.enrolled(student, section.id)).status).toBe('enrolled')

  await page.goto(`/office/students/${student.number}?tab=permissions&term=${term.code}`)
  await expect(page.getByRole('row', { name: new RegExp(`${course.code}, section 1.*1 of 1 used.*used up`) })).toBeVisible()
  await page.getByRole('button', { name: 'Give a permission' }).click()
  await dialog.getByLabel('meetings clash').check()
  await dialog.getByLabel('Reason').fill('May be late on Mondays.')
  await dialog.getByRole('button', { name: 'Give', exact: true }).click()
  const row = page.getByRole('row', { name: /meetings clash.*In the whole term/ })
  await row.getByRole('button', { name: /^Take back/ }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Take back' }).click()
  await expect(row).toContainText('taken back')
  const { items } = await office.get(`/permissions?student_id=${student.id}`)
  expect(items.map((one: { state: string }) => one.state)).toEqual(['used', 'revoked'])

  await page.goto(`/office/permissions?term=${term.code}&state=used`)
  await page.getByLabel('Student number').fill(student.number)
  await expect(page.getByRole('row')).toHaveCount(2)
  await expect(page.getByRole('row', { name: /1 of 1 used/ })).toBeVisible()
})

test('a term only warns of a rule that the registrar has softened', async ({ asRegistrar, office }) => {
  const term = await office.term()
  const [one, other] = [await office.offered([{ meetings: MONDAY }]), await office.offered([{ meetings: MONDAY }])]
  const student = await office.student()
  await office.enrolled(student, one.sections[0].id)
  const page = await asRegistrar()
  await page.goto(`/office/policies?term=${term.code}`)
  try {
    await page.getByLabel('meetings clash').selectOption('only warns')
    await page.getByLabel('Hours for which an offered seat is held').fill('0')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByLabel('Hours for which an offered seat is held')).toBeFocused()
    await page.getByLabel('Hours for which an offered seat is held').fill('12')
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('The rules of the term are saved.')).toBeVisible()

    expect(await office.get(`/registration-policies/${term.code}`)).toMatchObject({ severities: { 'time-conflict': 'warning' }, offer_hours: 12 })
    expect((await office.enrolled(student, other.sections[0].id)).status).toBe('enrolled')

    // Somebody else decides at the same time: both are heard.
    await page.getByLabel('a hold').selectOption('only warns')
    await office.ask('PUT', `/registration-policies/${term.code}`, { severities: { 'credit-limit': 'warning' }, max_waiting_ects: null, offer_hours: 24 })
    await page.getByRole('button', { name: 'Save' }).click()
    await expect(page.getByText('Somebody else has changed this meanwhile.')).toBeVisible()
    await page.getByRole('button', { name: 'Save mine over it' }).click()
    const both = await office.eventually(`/registration-policies/${term.code}`, told => told.severities.hold === 'warning')
    expect(both).toMatchObject({ severities: { 'credit-limit': 'warning' }, offer_hours: 24 })
  } finally {
    await office.ask('PUT', `/registration-policies/${term.code}`, { severities: {}, max_waiting_ects: null, offer_hours: 24 })
  }
})
