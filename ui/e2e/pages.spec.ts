/** Every page, one by one: nothing bars anybody's way, the smallest phone shows it whole, and the console is silent. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { axe, expect, fits, LOOKS, test, type Look } from './harness/test'
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
    test(`${entry.name}, ${Object.values(look).join(', ')}, bars nobody's way`, async ({ show }) => {
      const page = await show(entry, look)

      await axe(page)
      await fits(page)
    })
  }
}

/** Return the patterns of the built router, without the one for whatever it does not know. */
function routes(): string[] {
  const file = resolve(import.meta.dirname, '../dist/routes.json')
  return JSON.parse(readFileSync(file, 'utf8')) as string[]
}
