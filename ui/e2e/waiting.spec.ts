/** Waiting for a seat: from the full course in the plan to the seat that comes by itself, or is offered. */
import type { Told } from './harness/office'
import { axe, expect, fits, meeting, test, type Page } from './harness/test'

function card(page: Page, title: string) {
  return page.getByRole('article').filter({ has: page.getByRole('heading', { level: 3, name: title }) })
}

test('a student waits from the plan on, comes forward, and sees the seat come, all without a reload', async ({ asStudent, office }) => {
  const [holder, other, student] = [await office.student(), await office.student(), await office.student()]
  const { sections: [section], course } = await office.offered([{ capacity: 1, meetings: [meeting('mon', '10:00', '11:30')] }], { title: 'Kolejki', title_en: 'Queueing theory' })
  const place = await office.enrolled(holder, section.id)
  const ahead = await office.waits(other, section.id)
  await office.post('/plans', { student_id: student.id, term_id: (await office.term()).id, name: 'Mine', items: [{ section_ids: [section.id] }] })
  const page = await asStudent(student.number, { device: 'phone' })
  await page.goto('/plan')

  await page.getByRole('button', { name: `Wait in the queue for ${course.code}` }).click()
  await expect(page.getByText('If there is no seat, you wait in the queue.')).toBeVisible()
  await expect(page.getByText('A seat, or the queue')).toBeVisible()
  await axe(page)
  await page.getByRole('button', { name: 'Register all' }).click()
  await expect(page.getByText('In the queue: 1 course')).toBeVisible()
  await expect(page.getByText('Waiting, 2 of 2')).toBeVisible()
  await page.getByRole('link', { name: 'To my registration' }).click()

  const waiting = card(page, 'Queueing theory')
  await expect(waiting).toContainText('Your place in the queue: 2 of 2')
  await expect(page.getByRole('heading', { name: '0 courses, 0 ECTS, 1 waited for' })).toBeVisible()
  await axe(page)
  await fits(page)
  await page.evaluate(() => Object.assign(window, { notLoadedAnew: true }))

  await office.post(`/enrollments/${ahead.id}/drop`, undefined, other.number)
  await expect(waiting).toContainText('Your place in the queue: 1 of 1')
  await office.post(`/enrollments/${place.id}/drop`, undefined, holder.number)

  await expect(page.getByRole('status').filter({ hasText: 'A seat became free: you have a place in Queueing theory.' })).toBeVisible()
  await expect(waiting).toContainText('Enrolled')
  await expect(page.getByRole('heading', { name: '1 course, 3 ECTS' })).toBeVisible()
  expect(await page.evaluate(() => 'notLoadedAnew' in window)).toBe(true)
})

test('an offered seat is accepted with nothing but a keyboard, before its time is over', async ({ asStudent, office }) => {
  const [holder, student] = [await office.student(), await office.student()]
  const { sections: [section], offering } = await office.offered([{ capacity: 1 }], { title: 'Oferta', title_en: 'Bargains' })
  await office.ask('PATCH', `/offerings/${offering.id}`, { waitlist_policy: 'offer' })
  const place = await office.enrolled(holder, section.id)
  const mine = await office.waits(student, section.id)
  const page = await asStudent(student.number)
  await page.goto('/registration')
  await expect(card(page, 'Bargains')).toContainText('it is offered to you, and you accept it here in time')
  await office.post(`/enrollments/${place.id}/drop`, undefined, holder.number)

  await expect(page.getByRole('status').filter({ hasText: 'A seat in Bargains is offered to you.' })).toBeVisible()
  await expect(card(page, 'Bargains').getByRole('timer')).toHaveText(/\d\d:\d\d:\d\d$/)
  await axe(page)
  const accept = page.getByRole('button', { name: /^Accept.*Bargains$/ })
  for (let step = 0; step < 40 && !await accept.evaluate(one => one === document.activeElement); step += 1) await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')

  await expect(page.getByRole('status').filter({ hasText: 'You have a place in Bargains.' })).toBeVisible()
  await expect(page.getByRole('heading', { name: '1 course, 3 ECTS' })).toBeFocused()
  expect((await office.get(`/enrollments/${mine.id}`)).status).toBe('enrolled')
})

test('an offered seat is declined after a question, and goes to the next one', async ({ asStudent, office }) => {
  const [holder, student, next] = [await office.student(), await office.student(), await office.student()]
  const { sections: [section], offering } = await office.offered([{ capacity: 1 }])
  await office.ask('PATCH', `/offerings/${offering.id}`, { waitlist_policy: 'offer' })
  const place = await office.enrolled(holder, section.id)
  await office.waits(student, section.id)
  const later = await office.waits(next, section.id)
  await office.post(`/enrollments/${place.id}/drop`, undefined, holder.number)
  const page = await asStudent(student.number)
  await page.goto('/registration')

  await page.getByRole('button', { name: /^Decline/ }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Decline the seat' }).click()

  await expect(page.getByRole('status').filter({ hasText: 'You have declined the seat' })).toBeVisible()
  await expect(page.getByText('The offer of a seat in')).toBeHidden()
  expect((await office.get(`/enrollments/${later.id}`)).status).toBe('offered')
})

test('who was passed over reads why, keeps the place, and may leave the queue', async ({ asStudent, office }) => {
  const [holder, student] = [await office.student(), await office.student()]
  const { sections: [section] } = await office.offered([{ capacity: 1 }], { title: 'Pominięci', title_en: 'Passed over' })
  const place = await office.enrolled(holder, section.id)
  const mine = await office.waits(student, section.id)
  await office.post(`/students/${student.id}/holds`, { reason: 'Unpaid fee', contact: 'Bursar, bursar@example.edu', effects: ['block-add'] })
  await office.post(`/enrollments/${place.id}/drop`, undefined, holder.number)
  const page = await asStudent(student.number)
  await page.goto('/registration')

  const waiting = card(page, 'Passed over')
  await expect(waiting).toContainText('You keep your place in the queue.')
  await expect(waiting).toContainText('Unpaid fee')
  await axe(page)
  await waiting.getByRole('button', { name: /^Leave the queue/ }).click()
  const dialog = page.getByRole('alertdialog')
  await expect(dialog).toContainText('Should you join again, you begin at its end.')
  await dialog.getByRole('button', { name: 'Leave the queue' }).click()

  await expect(page.getByRole('status').filter({ hasText: 'You wait no more for Passed over.' })).toBeVisible()
  expect((await office.get(`/enrollments/${mine.id}`)).status).toBe('dropped')
})

test('a place that makes room for a course that is waited for stays until that one is had', async ({ asStudent, office }) => {
  const [holder, student] = [await office.student(), await office.student()]
  const kept = await office.offered([{ meetings: [meeting('tue', '08:00', '09:30')] }], { title: 'Stary', title_en: 'The old one' })
  const wanted = await office.offered([{ capacity: 1, meetings: [meeting('tue', '09:00', '10:30')] }], { title: 'Nowy', title_en: 'The new one' })
  const place = await office.enrolled(holder, wanted.sections[0].id)
  const old = await office.enrolled(student, kept.sections[0].id)
  await office.post('/plans', { student_id: student.id, term_id: (await office.term()).id, name: 'Mine', items: [{ section_ids: [wanted.sections[0].id] }] })
  const page = await asStudent(student.number)
  await page.goto('/plan')
  await page.getByRole('button', { name: `Wait in the queue for ${wanted.course.code}` }).click()
  await page.getByRole('button', { name: `Drop ${kept.course.code}.` }).click()
  await expect(page.getByText('It is given back only when you have the place that you wait for.')).toBeVisible()
  await expect(page.getByText('A seat, or the queue')).toBeVisible()

  await page.getByRole('button', { name: 'Register all' }).click()
  await expect(page.getByText('Waiting, 1 of 1')).toBeVisible()
  expect((await office.get(`/enrollments/${old.id}`)).status).toBe('enrolled')
  await page.getByRole('link', { name: 'To my registration' }).click()
  await expect(card(page, 'The new one')).toContainText('When you get in, your place in The old one is given back.')
  await office.post(`/enrollments/${place.id}/drop`, undefined, holder.number)

  await expect(card(page, 'The new one')).toContainText('Enrolled')
  await expect(card(page, 'The old one')).toBeHidden()
  const { items } = await office.get(`/enrollments?student_id=${student.id}&status=enrolled`)
  expect(items.map((one: Told) => one.course.code)).toEqual([wanted.course.code])
})
