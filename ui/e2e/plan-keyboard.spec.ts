/** Registering without a mouse, from the sign-in to the last word of the answer. */
import type { Locator } from '@playwright/test'
import { expect, meeting, test, type Page } from './harness/test'

/** Press Tab until something has the focus, as a person would who looks for it. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await expect(wanted).toBeVisible()
  await expect(wanted).toHaveCount(1)
  // Counted anew each time: a page may still be filling.
  for (let step = 0; step < (await page.locator('a, button, input, select, summary').count()) + 5; step += 1) {
    if (await wanted.evaluate(one => one === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab never came to ${wanted.toString()}.`)
}

async function press(page: Page, name: string | RegExp, role: 'button' | 'link' = 'button'): Promise<void> {
  await tabTo(page, page.getByRole(role, { name, exact: typeof name === 'string' }))
  await page.keyboard.press('Enter')
}

test('a student signs in, plans, mends the plan and registers with nothing but a keyboard', async ({ asVisitor, office }) => {
  const student = await office.student()
  const { mark } = office
  const place = await office.offered([{ meetings: [meeting('mon', '10:00', '11:30')] }])
  await office.enrolled(student, place.sections[0].id)
  const wanted = await office.offered([{ meetings: [meeting('mon', '11:00', '12:30')] }, { meetings: [meeting('wed', '11:00', '12:30')] }], { title: `Klawisze ${mark}` })
  const page = await asVisitor()
  await page.goto('/sign-in?next=/courses')
  await tabTo(page, page.getByRole('textbox', { name: 'User name' }))
  await page.keyboard.type(student.number)
  await page.keyboard.press('Tab')
  await page.keyboard.type('demo')
  await page.keyboard.press('Enter')

  await tabTo(page, page.getByRole('searchbox', { name: 'Search' }))
  await page.keyboard.type(`klawisze ${mark}`)
  await press(page, `Add to plan: Klawisze ${mark}`)
  const dialog = page.getByRole('dialog')
  await tabTo(page, dialog.getByRole('radio').first())
  await page.keyboard.press('Space')
  await expect(dialog.getByRole('radio', { name: '1', exact: true })).toBeChecked()
  await tabTo(page, dialog.getByRole('button', { name: 'Add to plan' }))
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  await expect(page.getByRole('link', { name: 'See my plan', exact: true })).toBeFocused()
  await page.keyboard.press('Enter')

  await press(page, 'Take section 2 instead.')
  await expect(page.getByRole('heading', { level: 3, name: wanted.course.code })).toBeFocused()
  await expect(page.getByRole('status').filter({ hasText: 'The course can be registered.' })).toBeVisible()
  await press(page, 'Register all')

  await expect(page.getByText('Enrolled: 1 course')).toBeVisible()
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Enrolled: 1 course')
  await press(page, 'To my registration', 'link')
  await expect(page.getByText(wanted.course.code).first()).toBeVisible()
})
