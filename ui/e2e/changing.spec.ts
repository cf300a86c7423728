/** What becomes of a place once it is there: another group, another course, a late goodbye. */
import { axe, expect, fits, meeting, test } from './harness/test'

test('a student takes another group, and sees beforehand what would clash', async ({ asStudent, office }) => {
  const student = await office.student()
  const busy = await office.offered([{ meetings: [meeting('wed', '10:00', '11:30')] }])
  await office.enrolled(student, busy.sections[0].id)
  const { sections } = await office.offered([{ meetings: [meeting('mon', '10:00', '11:30')] }, { meetings: [meeting('wed', '11:00', '12:30')] }, { meetings: [meeting('thu', '10:00', '11:30')] }], { title: 'Zmiany', title_en: 'Changes' })
  const place = await office.enrolled(student, sections[0].id)
  await office.eventually(`/students/${student.id}/timetable?term=${(await office.term()).code}`, told => told.sections.length === 2)
  const page = await asStudent(student.number, { device: 'phone' })
  await page.goto('/registration')
  await page.getByRole('button', { name: /^Change groups.*Changes$/ }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('button', { name: 'Change groups' })).toBeDisabled()

  await dialog.getByRole('radio', { name: '2', exact: true }).check()
  await expect(dialog).toContainText(`clashes with ${busy.course.code}`)
  await expect(dialog.getByRole('status').filter({ hasText: 'This stands in the way:' })).toBeVisible()
  await axe(page)
  await fits(page)
  await dialog.getByRole('radio', { name: '3', exact: true }).check()
  await expect(dialog.getByRole('status').filter({ hasText: 'This is possible now.' })).toBeVisible()
  await dialog.getByRole('button', { name: 'Change groups' }).dblclick()

  await expect(page.getByRole('status').filter({ hasText: 'Changed. You are registered: Changes.' })).toBeVisible()
  await expect(page.getByRole('heading', { name: '2 courses, 6 ECTS' })).toBeFocused()
  const told = await office.get(`/enrollments/${place.id}`)
  expect([told.status, told.section_ids]).toEqual(['enrolled', [sections[2].id]])
})

test('a student waits for a full group and keeps the place, leaves that queue, and keeps it still', async ({ asStudent, office }) => {
  const [holder, student] = [await office.student(), await office.student()]
  const { sections } = await office.offered([{}, { capacity: 1 }], { title: 'Grupy', title_en: 'Groups' })
  await office.enrolled(holder, sections[1].id)
  const place = await office.enrolled(student, sections[0].id)
  const page = await asStudent(student.number)
  await page.goto('/registration')
  await page.getByRole('button', { name: /^Change groups.*Groups$/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: '2', exact: true }).check()
  await dialog.getByRole('button', { name: /^Wait in the queue for/ }).click()
  await expect(dialog.getByRole('checkbox', { name: 'Wait if there is no seat' })).toBeChecked()
  await expect(dialog.getByRole('status').filter({ hasText: 'This is possible now.' })).toBeVisible()
  await dialog.getByRole('button', { name: 'Change groups' }).click()

  const card = page.getByRole('article')
  await expect(card).toContainText('You keep the place that you have, and wait for:')
  await expect(card).toContainText('Enrolled')
  await axe(page)
  await card.getByRole('button', { name: /^Leave the queue/ }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Leave the queue' }).click()

  await expect(page.getByRole('status').filter({ hasText: 'You keep your groups of Groups, and wait no more.' })).toBeVisible()
  await expect(card).not.toContainText('Your place in the queue')
  const told = await office.get(`/enrollments/${place.id}`)
  expect([told.status, told.section_ids, told.waitlist]).toEqual(['enrolled', [sections[0].id], null])
})

test('a student swaps one course for another at the same time of the week', async ({ asStudent, office }) => {
  const student = await office.student()
  const old = await office.offered([{ meetings: [meeting('mon', '10:00', '11:30')] }], { title: 'Wymiana A', title_en: `Leaving ${office.mark}` })
  const wanted = await office.offered([{ meetings: [meeting('mon', '11:00', '12:30')] }], { title: 'Wymiana B', title_en: `Coming ${office.mark}` })
  const place = await office.enrolled(student, old.sections[0].id)
  const page = await asStudent(student.number)
  await page.goto('/registration')
  await page.getByRole('button', { name: /^Swap for another course/ }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('Your place is given back only when you have the new one.')
  await dialog.getByRole('searchbox').fill(`coming ${office.mark}`)
  await dialog.getByRole('button', { name: `Take this: Coming ${office.mark}` }).click()
  await expect(dialog).not.toContainText(`Clashes with ${old.course.code}`)
  await expect(dialog.getByRole('status').filter({ hasText: 'This is possible now.' })).toBeVisible()
  await axe(page)
  await fits(page)
  await dialog.getByRole('button', { name: 'Swap', exact: true }).click()

  await expect(page.getByRole('status').filter({ hasText: `Changed. You are registered: Coming ${office.mark}.` })).toBeVisible()
  await expect(page.getByRole('article')).toContainText(wanted.course.code)
  expect((await office.get(`/enrollments/${place.id}`)).status).toBe('dropped')
})

test('after the days of dropping a student withdraws, warned of what that means', async ({ asStudent, office }) => {
  const student = await office.student()
  const { sections: [section], offering } = await office.offered([{ meetings: [meeting('mon', '10:00', '11:30')] }], { title: 'Późno', title_en: 'Too late' })
  const place = await office.enrolled(student, section.id)
  // What judges has heard of a changed day a moment after the catalog tells it.
  const droppable = async () => {
    const items = [{ action: 'drop', enrollment_id: place.id }]
    return (await office.post('/registration-requests', { student_id: student.id, term_id: offering.term_id, items, dry_run: true })).outcome
  }
  await office.ask('PATCH', `/offerings/${offering.id}`, { drop_until: '2020-01-01' })
  const page = await asStudent(student.number)
  await page.goto('/registration')
  await expect(page.getByRole('button', { name: /^Drop/ })).toBeHidden()
  await page.getByRole('button', { name: /^Withdraw.*Too late$/ }).click()
  const dialog = page.getByRole('alertdialog')
  await expect(dialog).toContainText('Your record will show for good that you withdrew.')
  await axe(page)

  await office.ask('PATCH', `/offerings/${offering.id}`, { drop_until: '2040-01-01' })
  await expect.poll(droppable, { timeout: 20_000 }).toBe('accepted')
  await expect(async () => {
    await dialog.getByRole('button', { name: /^Withdraw/ }).click()
    await expect(dialog.getByRole('button', { name: /^Drop .* instead\.$/ })).toBeVisible({ timeout: 2000 })
  }).toPass()
  await dialog.getByRole('button', { name: /^Drop .* instead\.$/ }).click()
  await expect(dialog).toContainText('Drop Too late?')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  expect((await office.get(`/enrollments/${place.id}`)).status).toBe('enrolled')

  await office.ask('PATCH', `/offerings/${offering.id}`, { drop_until: '2020-01-01' })
  await expect.poll(droppable, { timeout: 20_000 }).toBe('refused')
  await page.reload()
  await page.getByRole('button', { name: /^Withdraw.*Too late$/ }).click()
  await dialog.getByRole('button', { name: 'Withdraw from the course' }).click()

  await expect(page.getByRole('status').filter({ hasText: 'You have withdrawn from Too late.' })).toBeVisible()
  expect((await office.get(`/enrollments/${place.id}`)).status).toBe('withdrawn')
})
