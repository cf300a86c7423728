/** Walking a page with nothing but Tab. */
import type { Page } from '@playwright/test'

/** What the walk has found out. */
export interface Walk {
  /** Shown, and to be pressed or filled in, but never reached. */
  missed: string[]
  /** Reached, and nobody could see that. */
  unseen: string[]
  /** Reached, and hidden behind something that lies over it. */
  covered: string[]
  /** Whether the walk came out of the page again. */
  left: boolean
}

/** Press Tab from the beginning of a page until it has been left. */
export async function walked(page: Page): Promise<Walk> {
  await page.evaluate(begin)
  const steps = await page.evaluate(() => document.querySelectorAll('*').length)
  for (let step = 0; step < Math.min(steps, 600); step += 1) {
    await page.keyboard.press('Tab')
    const at = await page.evaluate(arrive)
    if (at !== 'further') return page.evaluate(tell, at === 'out')
  }
  return page.evaluate(tell, false)
}

interface Walker extends Window {
  walk: { reached: Set<Element>; last: Element | null; unseen: string[]; covered: string[] }
}

/** Lets the walk begin where a page that was just opened lets it begin. */
function begin(): void {
  document.body.tabIndex = -1
  document.body.focus()
  document.body.removeAttribute('tabindex')
  window.scrollTo(0, 0)
  ;(window as unknown as Walker).walk = { reached: new Set(), last: null, unseen: [], covered: [] }
}

/** Note where the focus is, and tell whether the walk goes on, has come out of the page, or is caught in a part of it. */
function arrive(): 'further' | 'out' | 'caught' {
  const walk = (window as unknown as Walker).walk
  const here = document.activeElement
  const [first] = walk.reached
  if (!here || here === document.body || here === first) return 'out'
  // Within a date or a time Tab goes from part to part.
  if (here === walk.last && /^(date|time|datetime-local)$/.test((here as HTMLInputElement).type)) return 'further'
  if (walk.reached.has(here)) return 'caught'
  walk.last = here
  walk.reached.add(here)
  const name = here.outerHTML.slice(0, 160)
  const style = getComputedStyle(here)
  const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1
  if (!outlined && style.boxShadow === 'none') walk.unseen.push(name)
  const box = here.getBoundingClientRect()
  // What is there for the keyboard alone shows its focus around its label.
  if (box.width < 3 || box.height < 3) return 'further'
  const middle = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)
  if (!middle || !(here.contains(middle) || middle.contains(here) || labels(here, middle))) walk.covered.push(name)
  return 'further'

  function labels(field: Element, over: Element): boolean {
    return [...((field as HTMLInputElement).labels ?? [])].some(label => label.contains(over))
  }
}

function tell(left: boolean): Walk {
  const walk = (window as unknown as Walker).walk
  const wanted = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]'
  const missed = [...document.querySelectorAll<HTMLInputElement>(wanted)]
    .filter(one => !one.disabled && one.tabIndex >= 0 && !one.closest('[inert], [aria-hidden=true]'))
    .filter(one => one.checkVisibility({ visibilityProperty: true }))
    // Of a group of radio buttons Tab reaches the chosen one; arrows do the rest.
    .filter(one => one.type !== 'radio' || one.checked)
    // A list of tabs hands the focus on to the chosen one.
    .filter(one => one.getAttribute('role') !== 'tablist')
    .filter(one => !walk.reached.has(one))
  return {
    missed: missed.map(one => one.outerHTML.slice(0, 160)),
    unseen: walk.unseen,
    covered: walk.covered,
    left,
  }
}
