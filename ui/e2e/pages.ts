/** The one list of every page: whatever is asked of all pages, and every picture of them, begins here. */
import type { Page } from '@playwright/test'
import type { World } from './harness/world'

export interface PageEntry {
  /** The name of the picture, and of the test. */
  name: string
  /** The router's pattern, as `dist/routes.json` has it; none for an address that no page has. */
  route: string | null
  /** Who looks: a demo account, the world's own student, one who has just begun, or nobody. */
  who: 'visitor' | 'student' | 'newcomer' | 'instructor' | 'registrar' | 'admin'
  /** The address, where the pattern has parameters or the page is worth looking at only with a query. */
  address?: (world: World) => string | Promise<string>
  /** What is done before looking: a dialog opened, a fault made. */
  steps?: (page: Page) => Promise<void>
  /** A fault that belongs to the page, as the guard notes it. */
  expects?: RegExp
}

export const PAGES: PageEntry[] = [
  { name: 'home-of-a-visitor', route: '/', who: 'visitor' },
  { name: 'home-of-a-student', route: '/', who: 'student' },
  { name: 'home-of-an-instructor', route: '/', who: 'instructor' },
  { name: 'home-of-a-registrar', route: '/', who: 'registrar' },
  { name: 'sign-in', route: '/sign-in', who: 'visitor' },
  { name: 'sign-in-refused', route: '/sign-in', who: 'visitor', steps: wrongPassword },
  { name: 'not-yours', route: '/not-yours', who: 'student' },
  { name: 'plan', route: '/plan', who: 'student' },
  { name: 'plan-refused', route: '/plan', who: 'student', steps: refused },
  { name: 'plan-of-a-past-term', route: '/plan', who: 'student', address: () => '/plan?term=2025Z' },
  { name: 'plan-empty', route: '/plan', who: 'newcomer' },
  { name: 'registration', route: '/registration', who: 'student' },
  { name: 'registration-dropping', route: '/registration', who: 'student', steps: askToDrop },
  { name: 'registration-empty', route: '/registration', who: 'newcomer' },
  { name: 'timetable', route: '/timetable', who: 'student', address: ({ term }) => `/timetable?term=${term.code}` },
  { name: 'timetable-ordinary-week', route: '/timetable', who: 'student', address: ({ term }) => `/timetable?term=${term.code}&view=pattern` },
  { name: 'timetable-dates', route: '/timetable', who: 'student', address: ({ term }) => `/timetable?term=${term.code}&view=dates` },
  { name: 'timetable-empty', route: '/timetable', who: 'newcomer' },
  { name: 'transcript', route: '/transcript', who: 'student' },
  { name: 'transcript-empty', route: '/transcript', who: 'newcomer' },
  { name: 'teaching', route: '/teaching', who: 'instructor' },
  { name: 'roster', route: '/teaching/:section', who: 'registrar', address: ({ taken }) => `/teaching/${taken.sections[0].id}` },
  { name: 'roster-of-somebody-else', route: '/teaching/:section', who: 'instructor', address: ({ taken }) => `/teaching/${taken.sections[0].id}` },
  { name: 'accessibility', route: '/accessibility', who: 'visitor' },
  { name: 'office-terms', route: '/office/terms', who: 'registrar' },
  { name: 'office-term-new', route: '/office/terms/new', who: 'registrar' },
  { name: 'office-term', route: '/office/terms/:code', who: 'registrar', address: ({ term }) => `/office/terms/${term.code}` },
  { name: 'office-courses', route: '/office/courses', who: 'registrar' },
  { name: 'office-course-new', route: '/office/courses/new', who: 'registrar' },
  { name: 'office-course', route: '/office/courses/:code', who: 'registrar', address: () => '/office/courses/LEK-112' },
  { name: 'office-courses-nothing-found', route: '/office/courses', who: 'registrar', address: () => '/office/courses?q=xyzzy' },
  { name: 'office-course-faulty-requisites', route: '/office/courses/:code', who: 'registrar', address: () => '/office/courses/LEK-112', steps: faultyRequisites },
  { name: 'office-term-faulty', route: '/office/terms/new', who: 'registrar', steps: faultyTerm },
  { name: 'office-offerings', route: '/office/offerings', who: 'registrar' },
  { name: 'office-offering-new', route: '/office/offerings/new', who: 'registrar' },
  { name: 'office-offering', route: '/office/offerings/:id', who: 'registrar', address: ({ taken }) => `/office/offerings/${taken.offering.id}` },
  { name: 'office-offering-details', route: '/office/offerings/:id', who: 'registrar', address: ({ taken }) => `/office/offerings/${taken.offering.id}`, steps: sectionDetails },
  { name: 'courses', route: '/courses', who: 'student', address: world => `/courses?term=${world.term.code}&q=${world.taken.course.code}` },
  { name: 'courses-of-a-visitor', route: '/courses', who: 'visitor', address: world => `/courses?term=${world.term.code}&q=inf` },
  { name: 'courses-filtered', route: '/courses', who: 'student', address: world => `/courses?term=${world.term.code}&q=inf&day=tue&open=1&language=pl`, steps: unfoldFilters },
  { name: 'courses-nothing-found', route: '/courses', who: 'visitor', address: world => `/courses?term=${world.term.code}&q=inf&day=sun&ects=99` },
  { name: 'course-page', route: '/courses/:code', who: 'student', address: world => `/courses/INF-302?term=${world.term.code}`, steps: drawn },
  { name: 'course-page-of-a-visitor', route: '/courses/:code', who: 'visitor', address: world => `/courses/EKO-211?term=${world.term.code}`, steps: drawn },
  { name: 'course-page-as-list', route: '/courses/:code', who: 'student', address: world => `/courses/MAT-102?term=${world.term.code}`, steps: listed },
  { name: 'course-page-alone', route: '/courses/:code', who: 'visitor', address: world => `/courses/${world.taken.course.code}?term=${world.term.code}` },
  { name: 'no-such-course', route: '/courses/:code', who: 'student', address: () => '/courses/XYZ-999', expects: /status of 404 .*XYZ-999/ },
  { name: 'office-students', route: '/office/students', who: 'registrar', address: () => '/office/students?stage=2&program=INF' },
  { name: 'office-students-none', route: '/office/students', who: 'registrar', address: () => '/office/students?q=xyzzy' },
  { name: 'office-student-new', route: '/office/students/new', who: 'registrar' },
  { name: 'office-student-new-refused', route: '/office/students/new', who: 'registrar', steps: submitted },
  { name: 'office-student', route: '/office/students/:number', who: 'registrar', address: ({ student }) => `/office/students/${student.number}` },
  { name: 'office-student-enrollments', route: '/office/students/:number', who: 'registrar', address: ({ student, term }) => `/office/students/${student.number}?tab=enrollments&term=${term.code}` },
  { name: 'office-student-holds', route: '/office/students/:number', who: 'registrar', address: ({ student }) => `/office/students/${student.number}?tab=holds` },
  { name: 'office-student-hold-new', route: '/office/students/:number', who: 'registrar', address: ({ student }) => `/office/students/${student.number}?tab=holds`, steps: opened },
  { name: 'office-student-scores-empty', route: '/office/students/:number', who: 'registrar', address: ({ student }) => `/office/students/${student.number}?tab=scores` },
  { name: 'office-student-credits-empty', route: '/office/students/:number', who: 'registrar', address: ({ student }) => `/office/students/${student.number}?tab=credits` },
  { name: 'office-student-completed', route: '/office/students/:number', who: 'registrar', address: () => '/office/students/100001?tab=completed' },
  { name: 'office-windows', route: '/office/windows', who: 'registrar' },
  { name: 'office-window-new', route: '/office/windows', who: 'registrar', steps: opened },
  { name: 'office-import', route: '/office/import', who: 'registrar' },
  { name: 'office-import-faulty', route: '/office/import', who: 'registrar', steps: faultyImport },
  { name: 'office-accounts', route: '/office/accounts', who: 'admin' },
  { name: 'office-account-new', route: '/office/accounts', who: 'admin', steps: opened },
  { name: 'no-such-page', route: null, who: 'visitor', expects: /status of 404 .*no-such-page/ },
  { name: 'no-such-page-inside', route: null, who: 'student', address: () => '/', steps: wrongLink },
]

/** On a phone the filters are folded away. */
async function unfoldFilters(page: Page): Promise<void> {
  const fold = page.locator('main button[aria-controls][aria-expanded=false]')
  if (await fold.isVisible()) await fold.click()
}

async function drawn(page: Page): Promise<void> {
  await page.locator('main [aria-current=page]').last().waitFor()
}

async function listed(page: Page): Promise<void> {
  await page.getByRole('tab').nth(1).click()
}

/** Send an empty form. */
async function submitted(page: Page): Promise<void> {
  await page.locator('main [type=submit]').click()
  await page.locator('[aria-invalid=true]').first().waitFor()
}

/** Open the page's first dialog. */
async function opened(page: Page): Promise<void> {
  await page.locator('main button[aria-haspopup=dialog]').first().click()
  await page.getByRole('dialog').waitFor()
}

async function faultyImport(page: Page): Promise<void> {
  await page.locator('input[type=file]').setInputFiles({ name: 'term.zip', mimeType: 'application/zip', buffer: Buffer.from('no zip at all') })
  await page.locator('main [type=submit]').click()
  await page.getByRole('table').waitFor({ timeout: 30_000 })
}

async function wrongPassword(page: Page): Promise<void> {
  await page.locator('[name=username]').fill('nobody')
  await page.locator('[name=password]').fill('wrong')
  await page.locator('[type=submit]').click()
  await page.getByRole('alert').waitFor()
}

async function refused(page: Page): Promise<void> {
  await page.getByRole('button', { name: /Register all|Zapisz na wszystko/ }).click()
  await page.getByText(/Not enrolled: \d|Nie zapisano: \d/).waitFor()
}

async function faultyRequisites(page: Page): Promise<void> {
  const text = page.locator('textarea.font-mono')
  await text.fill('LEK-111 AND')
  await page.locator('mark').waitFor()
}

async function faultyTerm(page: Page): Promise<void> {
  await page.locator('input[type=date]').first().fill('2031-10-01')
  await page.locator('input[type=date]').nth(1).fill('2032-02-14')
  await page.getByRole('button', { name: /Add a day|Dodaj dzień/ }).click()
  await page.locator('[type=submit]').click()
  await page.getByRole('alert').waitFor()
}

async function sectionDetails(page: Page): Promise<void> {
  await page.locator('[aria-haspopup=dialog]').first().click()
  await page.getByRole('dialog').waitFor()
}

async function askToDrop(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^(Drop|Zrezygnuj)/ }).first().click()
  await page.getByRole('alertdialog').waitFor()
}

/** What the server would refuse, the router meets when a link inside leads nowhere. */
async function wrongLink(page: Page): Promise<void> {
  await page.evaluate(() => {
    history.pushState({}, '', '/no-such-page')
    dispatchEvent(new PopStateEvent('popstate', { state: {} }))
  })
  await page.getByRole('link', { name: /first page|strony głównej|pierwszej/i }).waitFor()
}

/** Return where a page is. */
export function addressOf(entry: PageEntry, world: World): string | Promise<string> {
  return entry.address ? entry.address(world) : (entry.route ?? '/no-such-page')
}

/** Return who signs in for a page. */
export function nameOf(entry: PageEntry, world: World): string | undefined {
  if (entry.who === 'visitor') return undefined
  return entry.who === 'student' || entry.who === 'newcomer' ? world[entry.who].number : entry.who
}
