/** Asking for what stands in the way, and reading what was answered. */
import type { Told } from './harness/office'
import { axe, expect, fits, test } from './harness/test'

test('a student asks for consent where it is missing, takes it back, asks again, and registers once it is granted', async ({ asStudent, office }) => {
  const student = await office.student()
  const { sections: [section], course } = await office.offered([{ restrictions: [{ consent: 'department' }] }], { title: 'Za zgodą', title_en: 'By consent' })
  await office.post('/plans', { student_id: student.id, term_id: (await office.term()).id, name: 'Mine', items: [{ section_ids: [section.id] }] })
  const page = await asStudent(student.number, { device: 'phone' })
  await page.goto('/plan')
  await page.getByRole('button', { name: 'Ask for consent: the department.' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('You ask to lift: a restriction.')
  await dialog.getByRole('textbox', { name: 'Why' }).fill('I wrote my thesis about it.')
  await axe(page)
  await fits(page)
  await dialog.getByRole('button', { name: 'Send the request' }).dblclick()

  await expect(page.getByText('You have asked the department; there is no answer yet.')).toBeVisible()
  await expect(page.getByText('You have asked the department; there is no answer yet.')).toBeFocused()
  await page.getByRole('link', { name: 'See my requests' }).click()
  const request = page.getByRole('article', { name: `${course.code}, section 1` })
  await expect(request).toContainText('Waits for an answer')
  await expect(request).toContainText('I wrote my thesis about it.')
  await request.getByRole('button', { name: /^Take back/ }).click()
  await expect(request).toContainText('Taken back')
  await expect(page.getByRole('heading', { name: 'My requests' })).toBeFocused()

  const again = await office.post('/consent-requests', { student_id: 'me', section_id: section.id, rules: ['restricted'], asked_of: 'department' }, student.number)
  await office.post(`/consent-requests/${again.id}/grant`, { reason: 'Welcome', uses: 1, expires_at: '2031-01-01T00:00:00Z' })
  await page.reload()
  await expect(page.getByRole('article').filter({ hasText: 'Granted' })).toContainText('Welcome')
  await expect(page.getByRole('article').filter({ hasText: 'In force' })).toContainText('Uses left: 1. Until January 1, 2031')

  await page.goto('/plan')
  await expect(page.getByText('Permitted:')).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: 'The course can be registered.' })).toBeVisible()
  await axe(page)
  await page.getByRole('button', { name: 'Register all' }).click()
  await expect(page.getByText('Enrolled: 1 course')).toBeVisible()
})

test('one request asks for everything that the same office may allow', async ({ asStudent, office }) => {
  const student = await office.student()
  const { sections: [section] } = await office.offered([{ restrictions: [{ program: ['NOBODY'] }] }], { ects: 60 })
  await office.post('/plans', { student_id: student.id, term_id: (await office.term()).id, name: 'Mine', items: [{ section_ids: [section.id] }] })
  const page = await asStudent(student.number)
  await page.goto('/plan')
  await expect(page.getByRole('button', { name: 'Ask the registrar for a permission.' })).toBeVisible()
  await page.getByRole('button', { name: 'Ask for consent: the registrar.' }).click()
  await expect(page.getByRole('dialog')).toContainText('You ask to lift: a restriction and the credit limit.')
  await page.getByRole('dialog').getByRole('button', { name: 'Send the request' }).click()

  await expect(page.getByText("You have asked the registrar's office; there is no answer yet.")).toHaveCount(2)
  const { items } = await office.get(`/consent-requests?student_id=${student.id}`)
  expect(items.map((one: Told) => one.rules.toSorted())).toEqual([['credit-limit', 'restricted']])
})
