/** What an instructor sees: the own sections and who is in them, and nobody else's. */
import { readFile } from 'node:fs/promises'
import { expect, meeting, test } from './harness/test'

test('an instructor finds the roster of a section, and a student in it without diacritics', async ({ asInstructor, office }) => {
  const { instructor_id: instructor } = await office.get('/auth/me', 'instructor')
  const term = await office.term()
  const { course, sections: [section] } = await office.offered([{ number: 'W7', instructors: [instructor], meetings: [meeting('tue', '08:00', '09:30')] }])
  const zofia = await office.student({ given_name: 'Zofia', family_name: 'Żółkiewska' })
  await office.enrolled(zofia, section.id)
  await office.enrolled(await office.student({ given_name: 'Adam', family_name: '=Bąk' }), section.id)
  const page = await asInstructor()
  await page.goto(`/teaching?term=${term.code}`)

  await page.getByRole('link', { name: new RegExp(`Roster.*${course.code} lecture W7`) }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('lecture W7')
  await expect(page.getByRole('row')).toHaveCount(3)
  await page.getByLabel('Search').fill('zolk')
  await expect(page.getByText('1 student of 2')).toBeVisible()
  await expect(page.getByRole('rowheader')).toHaveText(/Żółkiewska Zofia/)
  await page.getByLabel('Search').fill('nobody of this name')
  await expect(page.getByText('Nobody is found.')).toBeVisible()
  await page.getByLabel('Search').fill('')

  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save as CSV' }).click()])
  expect(file.suggestedFilename()).toBe(`${course.code}-W7.csv`)
  const text = await readFile(await file.path(), 'utf8')
  expect(text).toContain(`${zofia.number},Żółkiewska,Zofia`)
  expect(text, 'no cell is a formula').not.toMatch(/(^|,)=/m)
})

test('the roster of somebody else’s section is refused in words', async ({ asInstructor, office }) => {
  const { sections: [section] } = await office.offered()
  const student = await office.student({ family_name: 'Tajna' })
  await office.enrolled(student, section.id)
  const page = await asInstructor()
  await page.goto(`/teaching/${section.id}`)

  await expect(page.getByRole('alert')).toContainText('This belongs to somebody else.')
  await expect(page.getByText('You see the students of sections that you teach.')).toBeVisible()
  await expect(page.getByText('Tajna')).toHaveCount(0)
  await page.getByRole('link', { name: 'All my sections' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'My sections' })).toBeVisible()
})

test('a student who opens an instructor’s page is told so, and led back', async ({ asStudent, office }) => {
  const student = await office.student()
  const page = await asStudent(student.number)
  await page.goto('/teaching')

  await expect(page.getByRole('heading', { level: 1, name: 'This page is not for your account' })).toBeVisible()
  await page.getByRole('link', { name: 'To the first page' }).click()
  await expect(page).toHaveURL('/')
})
