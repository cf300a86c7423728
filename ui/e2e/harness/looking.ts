/** What is asked of every page: nothing bars anybody's way, nothing hangs out of the smallest phone. */
import { expect, type Page } from '@playwright/test'
import axeCore from 'axe-core'

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const SMALLEST = { width: 320, height: 640 }
/** In CSS pixels; half a pixel is lost where a border is drawn. */
const TARGET = 43.5

/** No rule of WCAG 2.2 AA, nor one of axe's own, is broken on this page as it is now. */
export async function axe(page: Page): Promise<void> {
  await settled(page)
  await page.evaluate(axeCore.source)
  const broken = await page.evaluate(async tags => {
    const { axe: checker } = window as unknown as { axe: typeof axeCore }
    const { violations } = await checker.run(document, { runOnly: { type: 'tag', values: tags } })
    return violations.flatMap(rule =>
      rule.nodes.map(node => `${rule.id}: ${rule.help}: ${node.html.slice(0, 200)} (${node.failureSummary ?? ''})`),
    )
  }, RULES)
  expect(broken, `barriers on ${page.url()}`).toEqual([])
}

/** At 320 pixels the page does not scroll sideways, and what is pressed is as large as a finger. */
export async function fits(page: Page): Promise<void> {
  const before = page.viewportSize()
  await page.setViewportSize(SMALLEST)
  await settled(page)
  expect(await page.evaluate(hangingOut), `wider than 320 pixels on ${page.url()}`).toEqual([])
  expect(await page.evaluate(small, TARGET), `smaller than a finger on ${page.url()}`).toEqual([])
  if (before) await page.setViewportSize(before)
}

/** Wait until the page is loaded, asks nothing more and stands still. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor()
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
  await page.evaluate(async () => {
    const moving = document.getAnimations().filter(one => one.effect?.getComputedTiming().iterations !== Infinity)
    await Promise.allSettled(moving.map(one => one.finished))
    await document.fonts.ready
  })
}

/** Runs in the page: names what makes it wider than the window. */
function hangingOut(): string[] {
  const width = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= width) return []
  const wide = [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > width + 0.5)
  return [
    `the page is ${document.documentElement.scrollWidth} pixels wide`,
    ...wide.slice(0, 12).map(one => one.outerHTML.slice(0, 160)),
  ]
}

/** Runs in the page: names buttons and fields that are shown and too low or too narrow; links in sentences may be. */
function small(least: number): string[] {
  const pressed = 'button, select, input:not([type=checkbox], [type=radio], [type=hidden]), [role=tab], summary'
  return [...document.querySelectorAll<HTMLElement>(pressed)]
    .filter(one => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
    .map(one => ({ one, box: one.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 2 && box.height > 2 && (box.height < least || box.width < least))
    .map(({ one, box }) => `${Math.round(box.width)}×${Math.round(box.height)}: ${one.outerHTML.slice(0, 160)}`)
}
