/** `test` for every journey: people who are signed in, an office that prepares, and a guard that sees what goes wrong. */
import { test as base, type Browser, type BrowserContext, type Cookie, type Page } from '@playwright/test'
import { Guard } from './guard'
import { settled } from './looking'
import { addressOf, nameOf, type PageEntry } from '../pages'
import { Office } from './office'
import { world, type World } from './world'

export { expect, type Page } from '@playwright/test'
export { axe, fits, settled } from './looking'
export { meeting, type Student } from './office'

export type Language = 'en' | 'pl'
export type Scheme = 'light' | 'dark'
export type Device = 'phone' | 'desktop'

export interface Look {
  language?: Language
  scheme?: Scheme
  device?: Device
}

/** Both languages, light and dark, phone and desktop. */
export const LOOKS: Required<Look>[] = (['en', 'pl'] as const).flatMap(language =>
  (['light', 'dark'] as const).flatMap(scheme =>
    (['phone', 'desktop'] as const).map(device => ({ language, scheme, device })),
  ),
)

const SIGN_OUT = /^(Sign out|Wyloguj)/

export const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 860 } }

/** Opens a page for somebody: a fresh browser of their own, already signed in unless it is a visitor. */
export type Enter = (who: string | undefined, look?: Look & { url?: string, cookies?: Cookie[] | undefined }) => Promise<Page>

interface Fixtures {
  /** The university's address. */
  url: string
  guard: Guard
  /** Opens a page for anybody: a demo account, a student by number, or a visitor without a name. */
  enter: Enter
  asStudent: (number: string, look?: Look) => Promise<Page>
  asRegistrar: (look?: Look) => Promise<Page>
  asInstructor: (look?: Look) => Promise<Page>
  asVisitor: (look?: Look) => Promise<Page>
  /** Opens one page of the list of all pages, as whoever it is for. */
  show: (entry: PageEntry, look?: Look) => Promise<Page>
}

interface Shared {
  office: Office
  /** The cookies of whoever has signed in for a listed page: nobody signs out there. */
  sessions: Map<string, Cookie[]>
  /** What the listed pages show; made when it is first asked for. */
  world: World
}

export const test = base.extend<Fixtures, Shared>({
  office: [
    async ({}, use) => {
      await use(new Office(address()))
    },
    { scope: 'worker' },
  ],

  sessions: [
    async ({}, use) => {
      await use(new Map())
    },
    { scope: 'worker' },
  ],

  world: [
    async ({ office }, use) => {
      await use(await world(office))
    },
    { scope: 'worker' },
  ],

  url: async ({}, use) => {
    await use(address())
  },

  guard: [
    async ({ url }, use) => {
      const guard = new Guard(new Set([url]))
      await use(guard)
      base.expect(guard.faults, 'what no page may do').toEqual([])
    },
    { auto: true },
  ],

  enter: async ({ browser, guard, url }, use, info) => {
    const pages: Page[] = []
    await use(async (who, look = {}) => {
      const context = await opened(browser, look.url ?? url, look, who !== undefined)
      guard.origins.add(look.url ?? url)
      await guard.watch(context)
      if (look.cookies) await context.addCookies(look.cookies)
      else if (who) await signIn(context, who)
      const page = await context.newPage()
      pages.push(page)
      return page
    })
    for (const [index, page] of pages.entries()) {
      if (info.status !== info.expectedStatus && !page.isClosed()) {
        await page.screenshot({ path: info.outputPath(`page-${index + 1}.png`), fullPage: true }).catch(() => undefined)
      }
      await page.context().close()
    }
  },

  asStudent: async ({ enter }, use) => {
    await use((number, look) => enter(number, look))
  },
  asRegistrar: async ({ enter }, use) => {
    await use(look => enter('registrar', look))
  },
  asInstructor: async ({ enter }, use) => {
    await use(look => enter('instructor', look))
  },
  asVisitor: async ({ enter }, use) => {
    await use(look => enter(undefined, look))
  },

  show: async ({ enter, guard, sessions, world }, use) => {
    await use(async (entry, look) => {
      const who = nameOf(entry, world)
      const page = await enter(who, { ...look, cookies: sessions.get(who ?? '') })
      if (who) sessions.set(who, await page.context().cookies())
      if (entry.expects) guard.expects(entry.expects)
      await page.goto(await addressOf(entry, world))
      await settled(page)
      // What keeps asking, such as for seats, pauses longer than this waits.
      await page.waitForLoadState('networkidle')
      if (entry.who !== 'visitor') await base.expect(page.getByRole('button', { name: SIGN_OUT })).toBeVisible()
      await entry.steps?.(page)
      return page
    })
  },
})

function address(): string {
  const url = process.env.UNIVERSITY_UI_URL
  if (!url) throw new Error('UNIVERSITY_UI_URL is not set; harness/university.ts sets it.')
  return url
}

function opened(browser: Browser, baseURL: string, look: Look, known: boolean): Promise<BrowserContext> {
  const kept = known ? [{ origin: baseURL, localStorage: [{ name: 'signed-in', value: 'yes' }] }] : []
  return browser.newContext({
    baseURL,
    storageState: { cookies: [], origins: kept },
    locale: look.language === 'pl' ? 'pl-PL' : 'en-GB',
    colorScheme: look.scheme ?? 'light',
    viewport: SIZES[look.device ?? 'desktop'],
    hasTouch: look.device === 'phone',
    // The browser's own clock may be anywhere: pages show the university's.
    timezoneId: 'America/New_York',
    reducedMotion: 'reduce',
  })
}

/** Sign in as the sign-in page does; its own journey types the words. */
async function signIn(context: BrowserContext, username: string): Promise<void> {
  const answer = await context.request.post('/api/v1/auth/session', {
    headers: { 'X-CSRF': '1' },
    data: { username, password: 'demo' },
  })
  base.expect(answer.status(), await answer.text()).toBe(204)
}
