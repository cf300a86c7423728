/** The registrar writes what a course requires: faults are shown at their place, and what was understood in sentences. */
import { axe, expect, test, type Page } from './harness/test'

const text = (page: Page) => page.getByRole('textbox', { name: 'Requisites' })

test('a fault is shown at its place, mended, and read back in sentences', async ({ asRegistrar, office }) => {
  const [first, second] = [await office.course(), await office.course()]
  const page = await asRegistrar({ language: 'en' })
  await page.goto(`/office/courses/${second.code}`)

  await text(page).fill(`STAGE >= 2\nAND ${first.code} and GPA >= 3.5`)
  await expect(page.getByText('Line 2, character')).toBeVisible()
  await expect(page.locator('mark')).toContainText('and')
  await expect(text(page)).toHaveAttribute('aria-invalid', 'true')
  await axe(page)

  await page.getByRole('button', { name: 'Go to the place' }).click()
  await expect(text(page)).toBeFocused()
  await page.keyboard.type('AND')
  await expect(page.locator('mark')).toHaveCount(0)
  await expect(page.getByText(`${first.code} is passed`)).toBeVisible()
  await expect(page.getByText('Year 2 or later')).toBeVisible()
  await expect(text(page)).not.toHaveAttribute('aria-invalid')
  await page.getByRole('button', { name: 'Save', exact: true }).click()

  await expect(page.getByText(`Course ${second.code} is saved.`)).toBeVisible()
  const told = await office.get(`/courses/${second.code}/requisites`)
  expect(told.text).toBe(`STAGE >= 2\nAND ${first.code} AND GPA >= 3.5`)
})

test('a circle is told with its path, and each course of it can be opened', async ({ asRegistrar, office }) => {
  const last = await office.course()
  const middle = await office.course({ requisites: last.code })
  const first = await office.course({ requisites: middle.code })
  const page = await asRegistrar({ language: 'en' })
  await page.goto(`/office/courses/${last.code}`)

  await text(page).fill(first.code)

  await expect(page.getByText('The course would come to require itself:')).toBeVisible()
  const path = page.getByRole('list').filter({ has: page.getByRole('link', { name: middle.code }) })
  await expect(path.getByRole('link')).toHaveText([last.code, first.code, middle.code, last.code])
  await path.getByRole('link', { name: middle.code }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Leave without saving' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Course ${middle.code}`)
  expect((await office.get(`/courses/${last.code}`)).requisites).toBeNull()
})

test('requisites are written with the keyboard alone', async ({ asRegistrar, office }) => {
  const [first, second] = [await office.course({ title: 'Łąka żółta' }), await office.course()]
  const page = await asRegistrar({ language: 'en' })
  await page.goto(`/office/courses/${second.code}`)
  await text(page).focus()

  await page.keyboard.type('STAGE >= 2')
  await page.getByRole('button', { name: 'AND', exact: true }).focus()
  await page.keyboard.press('Enter')
  await expect(text(page)).toBeFocused()
  const finder = page.getByRole('searchbox', { name: 'Insert a course' })
  await finder.focus()
  await page.keyboard.type(first.code)
  await expect(page.getByRole('button', { name: `Insert ${first.code}` })).toBeVisible()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(text(page)).toHaveValue(`STAGE >= 2 AND ${first.code} `)
  await expect(text(page)).toBeFocused()
  await expect(page.getByText('All of these:')).toBeVisible()
  await page.getByRole('button', { name: 'Save', exact: true }).focus()
  await page.keyboard.press('Enter')

  await expect(page.getByText(`Course ${second.code} is saved.`)).toBeVisible()
  expect((await office.get(`/courses/${second.code}`)).requisites).toBe(`STAGE >= 2 AND ${first.code}`)
})

test('a course that is offered stays, and says why', async ({ asRegistrar, office }) => {
  const { course } = await office.offered()
  const free = await office.course()
  const page = await asRegistrar({ language: 'en' })

  await page.goto(`/office/courses/${course.code}`)
  await page.getByRole('button', { name: 'Delete the course' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete the course' }).click()
  await expect(page.getByRole('alertdialog').getByRole('alert')).toContainText('offered in a term')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Delete the course' })).toBeFocused()

  await page.goto(`/office/courses/${free.code}`)
  await page.getByRole('button', { name: 'Delete the course' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete the course' }).click()
  await expect(page.getByText(`Course ${free.code} is deleted.`)).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Courses')
})
