/** Two students and one seat. */
import type { Told } from './harness/office'
import { axe, expect, meeting, test } from './harness/test'

test('a student loses the last seat to another, understands why, and takes another group', async ({ asStudent, office }) => {
  const [student, rival] = [await office.student(), await office.student()]
  const wanted = await office.offered([{ capacity: 1, meetings: [meeting('mon', '08:00', '09:30')] }, { capacity: 5, meetings: [meeting('tue', '08:00', '09:30')] }])
  const other = await office.offered([{ meetings: [meeting('wed', '08:00', '09:30')] }])
  const items = [wanted, other].map(one => ({ section_ids: [one.sections[0].id] }))
  await office.post('/plans', { student_id: student.id, term_id: (await office.term()).id, name: 'Both', items })
  const page = await asStudent(student.number, { device: 'phone' })
  await page.goto('/plan')
  await expect(page.getByRole('status').filter({ hasText: 'All 2 courses can be registered.' })).toBeVisible()

  await office.enrolled(rival, wanted.sections[0].id)
  await page.getByRole('button', { name: 'Register all' }).click()

  await expect(page.getByText('Not enrolled: 1 reason')).toBeVisible()
  await expect(page.getByText('Nothing has changed.')).toBeVisible()
  await expect(page.getByText('Somebody else took the last seat a moment ago.')).toBeVisible()
  expect((await office.get(`/enrollments?student_id=${student.id}`)).items).toEqual([])
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Not enrolled: 1 reason')
  await axe(page)

  await page.getByRole('button', { name: /^1 reason and what would help/ }).click()
  await expect(page.getByRole('heading', { level: 3, name: wanted.course.code })).toBeFocused()
  const card = page.getByRole('listitem').filter({ has: page.getByRole('heading', { level: 3, name: wanted.course.code }) })
  await card.getByRole('button', { name: 'Take section 2 instead.' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'All 2 courses can be registered.' })).toBeVisible()
  await page.getByRole('button', { name: 'Register all' }).click()

  await expect(page.getByText('Enrolled: 2 courses')).toBeVisible()
  const { items: places } = await office.get(`/enrollments?student_id=${student.id}&status=enrolled`)
  expect(places.flatMap((one: Told) => one.section_ids).sort()).toEqual([wanted.sections[1].id, other.sections[0].id].sort())
})
