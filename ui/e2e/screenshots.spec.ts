/** Pictures of every page for people to look through: `make screenshots`. They judge nothing. */
import { resolve } from 'node:path'
import { LOOKS, settled, test } from './harness/test'
import { PAGES } from './pages'

const FOLDER = resolve(import.meta.dirname, '../screenshots')

test.skip(!process.env.UNIVERSITY_UI_SCREENSHOTS, 'pictures are taken on demand')

for (const look of LOOKS.filter(({ scheme }) => scheme === 'light' || process.env.UNIVERSITY_UI_SCREENSHOTS === 'all')) {
  for (const entry of PAGES) {
    test(`${entry.name}, ${Object.values(look).join(', ')}`, async ({ show }) => {
      const page = await show(entry, look)
      await settled(page)
      const name = look.scheme === 'dark' ? `${entry.name}-dark` : entry.name
      await page.screenshot({ path: resolve(FOLDER, look.language, look.device, `${name}.png`), fullPage: true })
    })
  }
}
