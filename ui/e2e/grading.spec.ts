/** Grades: typed without a mouse, taken from a file, corrected, and given at a second attempt. */
import { axe, expect, test } from './harness/test'
import { graded, gradedSection } from './harness/staff'

test('an instructor grades a section with the keyboard alone', async ({ asInstructor, office }) => {
  const { sections: [section], enrollments } = await gradedSection(office)
  const page = await asInstructor()
  await page.goto(`/teaching/${section.id}`)
  await page.getByRole('link', { name: 'Grades', exact: true }).click()

  const first = page.getByLabel('New grade of Adamska')
  await first.focus()
  // The first has a grade: another one is a correction, and says why before Enter goes on.
  await page.keyboard.type('4,5')
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Why it is changed')).toBeFocused()
  await page.keyboard.type('Points were added up wrongly.')
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('New grade of Borowik')).toBeFocused()
  await page.keyboard.type('3')
  await page.keyboard.press('ArrowDown')
  await expect(page.getByLabel('New grade of Cichy')).toBeFocused()
  await page.keyboard.type('9')
  await page.keyboard.press('Control+Enter')

  await expect(page.getByText('1 row is faulty; no grade was posted')).toBeVisible()
  await expect(page.getByLabel('New grade of Cichy')).toBeFocused()
  await expect(page.getByLabel('New grade of Cichy')).toHaveAccessibleDescription(/2\.0, 3\.0/)
  expect((await office.get(`/enrollments/${enrollments[0].id}`)).grade).toBe('4.0')
  await axe(page)

  await page.keyboard.press('Control+A')
  await page.keyboard.type('5')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Post all' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByText('3 grades are posted.')).toBeVisible()
  await expect(page.getByText('0 grades typed and not posted yet')).toBeVisible()
  const told = await Promise.all(enrollments.map(one => office.get(`/enrollments/${one.id}`)))
  expect(told.map(one => [one.grade, one.status])).toEqual([['4.5', 'completed'], ['3.0', 'completed'], ['5.0', 'completed']])

  await page.getByRole('button', { name: /^History.*Adamska/ }).click()
  await expect(page.getByRole('dialog')).toContainText('corrected from 4.0')
  await expect(page.getByRole('dialog')).toContainText('Points were added up wrongly.')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /^History.*Borowik/ }).click()
  await expect(page.getByRole('dialog')).toContainText('attempt 2, after 2.0')
})

test('a grade that somebody else posted meanwhile is shown, and what was typed is still there', async ({ asInstructor, office }) => {
  const { sections: [section], enrollments } = await gradedSection(office)
  const page = await asInstructor()
  await page.goto(`/teaching/${section.id}/grades`)
  await page.getByLabel('New grade of Cichy').fill('3.0')
  await graded(office, enrollments[2], '4.5')
  await page.getByRole('button', { name: /^Post.*Cichy/ }).click()

  const row = page.getByRole('row', { name: /Cichy/ })
  await expect(row).toContainText('Somebody changed this enrollment since you read it.')
  await expect(row).toContainText('4.5')
  await expect(page.getByLabel('New grade of Cichy')).toHaveValue('3.0')
  expect((await office.get(`/enrollments/${enrollments[2].id}`)).grade).toBe('4.5')
  await row.getByLabel('Why it is changed').fill('Agreed with the colleague.')
  await page.getByRole('button', { name: /^Post.*Cichy/ }).click()
  await expect(page.getByText('1 grade is posted.')).toBeVisible()
  expect((await office.get(`/enrollments/${enrollments[2].id}`)).grade).toBe('3.0')
})

test('a file of grades is shown with its faulty rows, mended, and posted as a whole', async ({ asInstructor, office }) => {
  const { sections: [section], students, enrollments } = await gradedSection(office)
  const numbers = students.map(one => one.number)
  const page = await asInstructor()
  await page.goto(`/teaching/${section.id}/grades`)
  await page.getByRole('tab', { name: 'From a file' }).click()
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /Save the roster/ }).click()])
  expect(saved.suggestedFilename()).toMatch(/\.csv$/)

  const file = ['number;name;grade', `${numbers[1] ?? ''};Borowik;3,0`, `${numbers[2] ?? ''};Cichy;6`, 'X-1;Nobody;4.0'].join('\r\n')
  await page.locator('input[type=file]').setInputFiles({ name: 'grades.csv', mimeType: 'text/csv', buffer: Buffer.from(file) })
  await expect(page.getByText('2 faulty rows')).toBeVisible()
  await expect(page.getByRole('row', { name: /Cichy.*6.*Not a grade of this course/ })).toBeVisible()
  await expect(page.getByRole('row', { name: /X-1.*nobody with this number/ })).toBeVisible()
  await expect(page.getByRole('button', { name: /^Post/ })).toHaveCount(0)

  await page.getByLabel('Or paste a table').fill(file.replace(';6', ';4,5').replace(/\r\nX-1.*/, ''))
  await expect(page.getByText('2 rows tell grades and have no faults.')).toBeVisible()
  await page.getByRole('button', { name: 'Post 2 grades' }).click()
  await expect(page.getByText('2 grades are posted.')).toBeVisible()
  const told = await Promise.all(enrollments.map(one => office.get(`/enrollments/${one.id}`)))
  expect(told.map(one => one.grade)).toEqual(['4.0', '3.0', '4.5'])
})

test('what only the university knows about a file is told at its line', async ({ asInstructor, office }) => {
  const { sections: [section], students, enrollments } = await gradedSection(office)
  const page = await asInstructor()
  await page.goto(`/teaching/${section.id}/grades?tab=file`)
  await page.getByLabel('Or paste a table').fill(`number,grade\n${students[2]?.number ?? ''},4.0`)
  await expect(page.getByText('1 row tells a grade and has no faults.')).toBeVisible()
  await office.post(`/enrollments/${enrollments[2].id}/drop`, {})
  await page.getByRole('button', { name: 'Post 1 grade' }).click()

  await expect(page.getByText('1 faulty row')).toBeVisible()
  await expect(page.getByRole('row', { name: /Cichy.*(no place|There is nobody)/ })).toBeVisible()
})
