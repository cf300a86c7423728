/** What staff looks after: queues, places whose requirements a grade has broken, and sections that are called off. */
import { expect, meeting, test } from './harness/test'
import { broken, queued, teacher } from './harness/staff'

test('an instructor sees who waits, in order and for what', async ({ asInstructor, office }) => {
  const { offering, course, sections: [section], waiting: [first] } = await queued(office)
  const term = await office.term()
  const page = await asInstructor()
  await page.goto(`/teaching?term=${term.code}`)
  await page.getByRole('link', { name: new RegExp(`^Waitlist.*${course.code as string}`) }).click()

  await expect(page).toHaveURL(`/waitlist/${offering.id as string}`)
  await expect(page.getByRole('row', { name: /Kolejkowska.*1.*lecture 1/ })).toBeVisible()
  await expect(page.getByRole('row', { name: /Oczekujący.*2.*lecture 1/ })).toBeVisible()
  await office.ask('PATCH', `/sections/${section.id}`, { capacity: 2 })
  await office.eventually(`/sections/${section.id}/roster`, told => told.items.some((one: { number: string }) => one.number === first?.number))
  await page.reload()
  await expect(page.getByRole('row', { name: /Oczekujący.*1.*lecture 1/ })).toBeVisible()
  await expect(page.getByText('Kolejkowska')).toHaveCount(0)
})

test('the queue of somebody else’s offering is refused in words', async ({ asInstructor, office }) => {
  const { offering, sections: [section] } = await office.offered([{ capacity: 1 }])
  await office.enrolled(await office.student(), section.id)
  const page = await asInstructor()
  await page.goto(`/waitlist/${offering.id as string}`)

  await expect(page.getByRole('alert')).toContainText('This belongs to somebody else.')
})

test('a place whose requirements were broken is canceled, with what is missing and why', async ({ asRegistrar, office }) => {
  const { student, course, enrollment } = await broken(office, { family_name: `Pechowy${office.mark}` })
  const page = await asRegistrar()
  await page.goto(`/office/broken-requisites?term=${(await office.term()).code}`)
  const card = page.getByRole('region', { name: `Pechowy${office.mark} Żaneta, ${course.code as string}` })
  await expect(card).toContainText('The requirements are not met any more.')
  await expect(card).toContainText('missing')

  await card.getByRole('button', { name: /^Decide/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('What becomes of the place').selectOption('It is canceled')
  await expect(dialog.getByText('The student loses the place and is told')).toBeVisible()
  await dialog.getByLabel('Reason').fill('The seminar needs it.')
  await dialog.getByRole('button', { name: 'Decide' }).click()

  await expect(page.getByText(`The place of Pechowy${office.mark} Żaneta in ${course.code as string} is canceled.`)).toBeVisible()
  await expect(card).toHaveCount(0)
  expect((await office.get(`/enrollments/${enrollment.id}`)).status).toBe('canceled')
  await page.getByLabel('Show').selectOption('decided')
  await expect(card).toContainText('The seminar needs it.')

  await card.getByRole('link', { name: `Student ${student.number}` }).click()
  await page.getByRole('button', { name: `History and grades: ${course.code as string}` }).click()
  await expect(page.getByRole('dialog')).toContainText('Canceled: requirements not met')
})

test('a section is canceled, and its students are moved to another', async ({ asRegistrar, office }) => {
  const sections = [{ meetings: [meeting('wed', '08:00', '09:30')] }, { number: '2', meetings: [meeting('wed', '10:00', '11:30')], instructors: [await teacher(office)] }]
  const { offering, sections: [first, second] } = await office.offered(sections)
  const enrollment = await office.enrolled(await office.student(), first.id)
  await office.eventually(`/sections/${first.id}`, told => told.availability.taken === 1)
  const page = await asRegistrar()
  await page.goto(`/office/offerings/${offering.id as string}`)

  await page.getByRole('button', { name: 'Cancel section 1' }).click()
  const dialog = page.getByRole('alertdialog')
  await expect(dialog).toContainText('1 student has a place in it.')
  await expect(dialog).toContainText('moved to another section that fits: 2.')
  await dialog.getByLabel('Move the students').uncheck()
  await expect(dialog).toContainText('Students lose the place')
  await dialog.getByLabel('Move the students').check()
  await dialog.getByRole('button', { name: 'Cancel section' }).click()

  await expect(page.getByText('Section 1 is canceled.')).toBeVisible()
  const moved = await office.eventually(`/enrollments/${enrollment.id}`, told => told.section_ids[0] === second.id)
  expect(moved.status).toBe('enrolled')
})

test('an offering is cross-listed with another, and its section shares the other’s seats', async ({ asRegistrar, office }) => {
  const host = await office.offered([{ number: 'W1', capacity: 7 }])
  const { offering, sections: [section] } = await office.offered([{ number: 'X1', capacity: 20 }])
  const page = await asRegistrar()
  await page.goto(`/office/offerings/${offering.id as string}`)
  await page.getByLabel('The offering that it is listed with').fill(host.course.code as string)
  await page.getByRole('button', { name: `Choose ${host.course.code as string}` }).click()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText(/^The offering of .* is saved/)).toBeVisible()

  await page.getByRole('button', { name: /Meetings, instructors and seats of X1/ }).click()
  await page.getByRole('dialog').getByLabel('Whose seats it has').selectOption(`${host.course.code as string} W1`)
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click()
  await expect(page.getByLabel('Capacity', { exact: true })).toBeDisabled()
  await page.getByLabel('Number', { exact: true }).press('Enter')
  await expect(page.getByText('Section X1 is saved.')).toBeVisible()
  expect(await office.get(`/sections/${section.id}`)).toMatchObject({ shares_seats_with: host.sections[0].id, capacity: 7 })

  await page.getByRole('button', { name: /Meetings, instructors and seats of X1/ }).click()
  await page.getByRole('dialog').getByLabel('Whose seats it has').selectOption('its own')
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click()
  await page.getByLabel('Number', { exact: true }).press('Enter')
  await expect(page.getByText('Section X1 is saved.').first()).toBeVisible()
  await office.eventually(`/sections/${section.id}`, told => told.shares_seats_with === null && told.capacity === 7)
})
