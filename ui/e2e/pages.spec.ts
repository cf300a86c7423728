/** Every page, one by one: nothing bars anybody's way, the smallest phone shows it whole, no mouse is needed, and the console is silent. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { walked } from './harness/keyboard'
import { axe, expect, fits, LOOKS, SIZES, test, type Look, type Page } from './harness/test'
import { PAGES } from './pages'

/** One variant in CI; on demand (`make ui-axe`) all of them. */
const ASKED: Look[] = process.env.UNIVERSITY_UI_MATRIX ? LOOKS : [{ language: 'pl', scheme: 'light', device: 'phone' }]

test('every page of the router is in the list of pages', () => {
  const listed = new Set(PAGES.map(entry => entry.route))

  expect(routes().filter(route => !listed.has(route))).toEqual([])
})

test('every page in the list is one of the router', () => {
  const known = new Set([...routes(), null])

  expect(PAGES.filter(entry => !known.has(entry.route))).toEqual([])
})

for (const look of ASKED) {
  for (const entry of PAGES) {
    test(`${entry.name}, ${Object.values(look).join(', ')}`, async ({ show }) => {
      const page = await show(entry, look)

      await axe(page)
      await fits(page)
      // Colors and sizes change nothing about what the keyboard reaches: once a language is enough.
      if (look.scheme === 'dark' || look.device === 'desktop') return
      await page.setViewportSize(SIZES.desktop)
      expect(await walked(page)).toEqual({ missed: [], unseen: [], covered: [], left: true })
      await opensAndReturns(page)
    })
  }
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

/** Whatever opens something over the page gives it the focus, and gets the focus back. */
async function opensAndReturns(page: Page): Promise<void> {
  const openers = 'button:is([aria-haspopup=dialog], [aria-haspopup=menu], [aria-haspopup=listbox]):visible:enabled'
  // The elements themselves: while a dialog is open, nothing behind it is found.
  for (const opener of (await page.locator(openers).elementHandles()).slice(0, 8)) {
    if (await opener.evaluate(one => !(one instanceof Element) || !one.isConnected || one.matches(':disabled, [aria-hidden=true] *'))) continue
    await opener.focus()
    await page.keyboard.press('Enter')
    await expect(page.locator('[role=dialog], [role=alertdialog], [role=menu], [role=listbox]').first()).toBeVisible()
    expect(await opener.evaluate(one => one === document.activeElement), 'the focus moves into it').toBe(false)
    await page.keyboard.press('Escape')
    const back = () => opener.evaluate(one => one === document.activeElement)
    await expect.poll(back, { message: 'the focus returns' }).toBe(true)
  }
}

/** Return the patterns of the built router, without the one for whatever it does not know. */
function routes(): string[] {
  const file = resolve(import.meta.dirname, '../dist/routes.json')
  return JSON.parse(readFileSync(file, 'utf8')) as string[]
}
