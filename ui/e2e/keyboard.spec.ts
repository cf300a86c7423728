/** Every page without a mouse: everything is reached, seen when it is, and left again. */
import { walked } from './harness/keyboard'
import { expect, test, type Page } from './harness/test'
import { PAGES } from './pages'

for (const entry of PAGES) {
  test(`${entry.name} needs no mouse`, async ({ show }) => {
    const page = await show(entry)

    expect(await walked(page)).toEqual({ missed: [], unseen: [], covered: [], left: true })
    for (const opener of await openers(page)) {
      await opener.focus()
      await page.keyboard.press('Enter')
      await expect(page.locator('[role=dialog], [role=alertdialog], [role=menu], [role=listbox]').first()).toBeVisible()
      expect(await opener.evaluate(one => one === document.activeElement), 'the focus moves into it').toBe(false)
      await page.keyboard.press('Escape')
      await expect(opener, 'the focus returns').toBeFocused()
    }
  })
}

test('the first Tab offers to skip to the content', async ({ asVisitor }) => {
  const page = await asVisitor()
  await page.goto('/sign-in')
  await page.locator('h1').waitFor()

  await page.keyboard.press('Tab')
  await expect(page.locator('a[href="#main"]')).toBeFocused()
  await expect(page.locator('a[href="#main"]')).toBeInViewport()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')

  expect(await page.evaluate(() => document.querySelector('main')?.contains(document.activeElement))).toBe(true)
})

/** Return what opens something over the page. */
async function openers(page: Page) {
  const shown = 'button:is([aria-haspopup=dialog], [aria-haspopup=menu], [aria-haspopup=listbox]):visible:enabled'
  return page.locator(shown).all()
}
