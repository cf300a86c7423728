/** What a student is told without being asked, and how. */
import { axe, expect, fits, test } from './harness/test'

test('a student is told of a seat, sees it in the header, follows it, and it is read', async ({ asStudent, office }) => {
  const [holder, student] = [await office.student(), await office.student()]
  const { sections: [section], course } = await office.offered([{ capacity: 1 }])
  const place = await office.enrolled(holder, section.id)
  await office.waits(student, section.id)
  await office.post(`/enrollments/${place.id}/drop`, undefined, holder.number)
  await office.post('/permissions', { student_id: student.id, term_id: (await office.term()).id, rules: ['credit-limit'], reason: 'Two programs', uses: 1 })
  await office.eventually(`/students/${student.id}/notifications`, told => told.unread === 2)
  const page = await asStudent(student.number, { device: 'phone' })
  await page.goto('/')
  await page.getByRole('link', { name: 'Notifications: 2 unread' }).click()

  await expect(page.getByRole('heading', { name: '2 unread' })).toBeVisible()
  const news = page.getByRole('article', { name: `You have a place in ${course.code}` })
  await expect(news).toContainText('A seat became free and you are registered now')
  await axe(page)
  await fits(page)
  await page.getByRole('button', { name: /^Mark as read.*You were given a permission/ }).click()
  await expect(page.getByRole('heading', { name: '1 unread' })).toBeFocused()
  await news.getByRole('link', { name: /^To my registration/ }).click()

  await expect(page).toHaveURL(/\/registration\?term=/)
  await expect(page.getByRole('article')).toContainText(course.code)
  await expect(page.getByRole('link', { name: 'Notifications', exact: true })).toBeVisible()
  expect((await office.get(`/students/${student.id}/notifications`)).unread).toBe(0)
})

test('whoever wants no e-mails says so, and it stays so', async ({ asStudent, office }) => {
  const student = await office.student()
  const page = await asStudent(student.number)
  await page.goto('/notifications')
  await expect(page.getByText('You have no notifications')).toBeVisible()
  await page.getByRole('checkbox', { name: 'Send me e-mails' }).uncheck()
  await page.getByRole('combobox', { name: 'Language of e-mails' }).selectOption('English')
  await page.getByRole('button', { name: 'Save' }).click()

  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('checkbox', { name: 'Send me e-mails' })).not.toBeChecked()
  expect(await office.get(`/students/${student.id}/notification-settings`)).toMatchObject({ email: false, language: 'en' })
})
