/** The registrar's people: found, changed beside a colleague, held back and let go. */
import { expect, test } from './harness/test'

test('a student is found without diacritics, and going back brings back what was asked, which no address tells', async ({ asRegistrar, office }) => {
  const student = await office.student({ family_name: `Żółć${office.mark}` })
  const page = await asRegistrar()
  await page.goto('/office/students')

  await page.getByLabel('Search').fill(`zolc${office.mark}`)
  await expect(page.getByText('1 student', { exact: true })).toBeVisible()
  expect(decodeURI(page.url())).not.toContain('lc')
  await page.getByLabel('Status').selectOption('Active')
  await expect(page).toHaveURL(/\/office\/students\?status=active$/)
  await page.getByRole('link', { name: student.number }).click()
  await expect(page.getByRole('heading', { level: 1, name: `Żaneta Żółć${office.mark}` })).toBeVisible()

  await page.goBack()
  await expect(page.getByLabel('Search')).toHaveValue(`zolc${office.mark}`)
  await expect(page.getByText('1 student', { exact: true })).toBeVisible()
  await page.getByLabel('Search').fill(`zolc${office.mark}x`)
  await page.getByRole('button', { name: 'Clear the filters' }).click()
  await expect(page.getByLabel('Search')).toHaveValue('')
  await expect(page).toHaveURL(/\/office\/students$/)
})

test('a new student is refused at the faulty fields, and entered once they are right', async ({ asRegistrar, office }) => {
  const number = `N-${office.mark}`
  const page = await asRegistrar()
  await page.goto('/office/students/new')

  await page.getByLabel('Student number').fill(number)
  await page.getByLabel('Given names').fill('Ewa')
  await page.getByLabel('E-mail').fill('nowhere')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByLabel('E-mail')).toHaveAccessibleDescription('Not an e-mail address.')
  await expect(page.getByLabel('Family name')).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByLabel('E-mail')).toBeFocused()

  await page.getByLabel('E-mail').fill('ewa@example.edu')
  await page.getByLabel('Family name').fill('Nowa')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Ewa Nowa' })).toBeVisible()
  expect((await office.get(`/students/${number}`)).stage).toBeNull()
})

test('who edits beside a colleague keeps the input, sees what is there now, and saves both changes', async ({ asRegistrar, office }) => {
  const student = await office.student({ program: 'INF' })
  const page = await asRegistrar()
  await page.goto(`/office/students/${student.number}`)
  await page.getByLabel('Given names').fill('Mine')

  await office.ask('PATCH', `/students/${student.number}`, { given_name: 'Theirs', program: 'MAT' })
  await page.getByRole('button', { name: 'Save', exact: true }).click()

  await expect(page.getByText('Somebody else has changed this meanwhile.')).toBeVisible()
  await expect(page.getByText(/Theirs/)).toBeVisible()
  await expect(page.getByLabel('Given names')).toHaveValue('Mine')
  expect((await office.get(`/students/${student.number}`)).given_name).toBe('Theirs')

  await page.getByRole('button', { name: 'Save mine over it' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Mine Próbna' })).toBeVisible()
  expect(await office.get(`/students/${student.number}`)).toMatchObject({ given_name: 'Mine', program: 'MAT' })
})

test('a hold is placed, the student reads it, and it is lifted', async ({ asRegistrar, asStudent, office }) => {
  const student = await office.student()
  const page = await asRegistrar()
  await page.goto(`/office/students/${student.number}?tab=holds`)
  await page.getByRole('button', { name: 'Place a hold' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Place a hold' }).click()
  await expect(dialog.getByLabel('Reason')).toBeFocused()

  await dialog.getByLabel('Reason').fill(`Two books ${office.mark}`)
  await dialog.getByLabel('Contact').fill('library@example.edu')
  await dialog.getByRole('button', { name: 'Place a hold' }).click()
  await expect(page.getByRole('row', { name: new RegExp(`Two books ${office.mark}.*No adding of courses`) })).toBeVisible()

  const seen = await asStudent(student.number)
  await seen.goto('/')
  await expect(seen.getByText(`Two books ${office.mark}`)).toBeVisible()

  await page.getByRole('button', { name: `Lift the hold: Two books ${office.mark}` }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Lift' }).click()
  await expect(page.getByText('There are no holds.')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Holds' })).toBeFocused()
  await seen.reload()
  await expect(seen.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(seen.getByText(`Two books ${office.mark}`)).toHaveCount(0)
})

test('scores, recognized credits and completed courses are kept with a student', async ({ asRegistrar, office }) => {
  const student = await office.student()
  const course = await office.course()
  const page = await asRegistrar()
  await page.goto(`/office/students/${student.number}?tab=scores`)
  const dialog = page.getByRole('dialog')

  await page.getByRole('button', { name: 'Record a score' }).click()
  await dialog.getByLabel('Test').fill('GOETHE-A1')
  await dialog.getByLabel('Score').fill('75')
  await dialog.getByRole('button', { name: 'Record a score' }).click()
  await expect(page.getByRole('row', { name: /GOETHE-A1 75/ })).toBeVisible()

  await page.getByRole('tab', { name: 'Recognized credits' }).click()
  await page.getByRole('button', { name: 'Recognize a course' }).click()
  await dialog.getByLabel('Course').fill('MAT-101')
  await dialog.getByLabel('Credits').fill('6')
  await dialog.getByRole('button', { name: 'Recognize a course' }).click()
  await expect(page.getByRole('row', { name: /MAT-101 6/ })).toBeVisible()

  await page.getByRole('tab', { name: 'Completed courses' }).click()
  await page.getByRole('button', { name: 'Record a course' }).click()
  await dialog.getByLabel('Course').fill(course.code)
  await dialog.getByLabel('Term').selectOption('2025Z')
  await dialog.getByLabel('Grade').fill('4.5')
  await dialog.getByRole('button', { name: 'Record a course' }).click()
  await expect(page.getByRole('row', { name: new RegExp(`${course.code}.*4\\.5.*Completed`) })).toBeVisible()
})

test('a place is dropped for a student', async ({ asRegistrar, office }) => {
  const student = await office.student()
  const { course, sections: [section] } = await office.offered()
  await office.enrolled(student, section.id)
  const term = await office.term()
  const page = await asRegistrar()
  await page.goto(`/office/students/${student.number}?tab=enrollments&term=${term.code}`)

  await page.getByRole('button', { name: `Drop ${course.code}` }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Drop' }).click()

  await expect(page.getByRole('row', { name: new RegExp(`${course.code}.*Dropped`) })).toBeVisible()
})
