/** The one list of every page: whatever is asked of all pages, and every picture of them, begins here. */
import type { Page } from '@playwright/test'
import type { World } from './harness/world'

export interface PageEntry {
  /** The name of the picture, and of the test. */
  name: string
  /** The router's pattern, as `dist/routes.json` has it; none for an address that no page has. */
  route: string | null
  /** Who looks: a demo account, the world's own student, one who has just begun, or nobody. */
  who: 'visitor' | 'student' | 'waiter' | 'newcomer' | 'instructor' | 'registrar' | 'admin'
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
  { name: 'home-of-who-is-offered-a-seat', route: '/', who: 'waiter' },
  { name: 'home-of-an-instructor', route: '/', who: 'instructor' },
  { name: 'home-of-a-registrar', route: '/', who: 'registrar' },
  { name: 'sign-in', route: '/sign-in', who: 'visitor' },
  { name: 'sign-in-refused', route: '/sign-in', who: 'visitor', steps: wrongPassword },
  { name: 'activate', route: '/activate', who: 'visitor' },
  { name: 'activate-refused', route: '/activate', who: 'visitor', steps: submitted },
  { name: 'account', route: '/account', who: 'student' },
  { name: 'account-password-refused', route: '/account', who: 'registrar', steps: submitted },
  { name: 'not-yours', route: '/not-yours', who: 'student' },
  { name: 'plan', route: '/plan', who: 'student' },
  { name: 'plan-refused', route: '/plan', who: 'student', steps: refused },
  { name: 'plan-waiting', route: '/plan', who: 'waiter', steps: waited },
  { name: 'plan-asking-consent', route: '/plan', who: 'waiter', steps: page => dialogOf(page, /^(Ask for consent|Poproś o zgodę)/) },
  { name: 'plan-of-a-past-term', route: '/plan', who: 'student', address: () => '/plan?term=2025Z' },
  { name: 'plan-empty', route: '/plan', who: 'newcomer' },
  { name: 'registration', route: '/registration', who: 'student' },
  { name: 'registration-dropping', route: '/registration', who: 'student', steps: askToDrop },
  { name: 'registration-waiting', route: '/registration', who: 'waiter' },
  { name: 'registration-changing-groups', route: '/registration', who: 'waiter', steps: page => dialogOf(page, /^(Change groups|Zmień grupy)/) },
  { name: 'registration-swapping', route: '/registration', who: 'waiter', steps: swapping },
  { name: 'registration-withdrawing', route: '/registration', who: 'waiter', steps: page => dialogOf(page, /^(Withdraw|Wycofaj się)/) },
  { name: 'registration-leaving-a-queue', route: '/registration', who: 'waiter', steps: page => dialogOf(page, /^(Leave the queue|Opuść kolejkę)/) },
  { name: 'registration-declining', route: '/registration', who: 'waiter', steps: page => dialogOf(page, /^(Decline|Odrzuć)/) },
  { name: 'requests', route: '/requests', who: 'waiter' },
  { name: 'requests-empty', route: '/requests', who: 'newcomer' },
  { name: 'notifications', route: '/notifications', who: 'waiter' },
  { name: 'notifications-empty', route: '/notifications', who: 'newcomer' },
  { name: 'registration-empty', route: '/registration', who: 'newcomer' },
  { name: 'timetable', route: '/timetable', who: 'student', address: ({ term }) => `/timetable?term=${term.code}` },
  { name: 'timetable-ordinary-week', route: '/timetable', who: 'student', address: ({ term }) => `/timetable?term=${term.code}&view=pattern` },
  { name: 'timetable-dates', route: '/timetable', who: 'student', address: ({ term }) => `/timetable?term=${term.code}&view=dates` },
  { name: 'timetable-feed-made', route: '/timetable', who: 'waiter', steps: feedMade },
  { name: 'timetable-feed-revoking', route: '/timetable', who: 'waiter', steps: page => dialogOf(page, /^(Revoke|Unieważnij)/) },
  { name: 'timetable-empty', route: '/timetable', who: 'newcomer' },
  { name: 'transcript', route: '/transcript', who: 'student' },
  { name: 'transcript-empty', route: '/transcript', who: 'newcomer' },
  { name: 'teaching', route: '/teaching', who: 'instructor' },
  { name: 'roster', route: '/teaching/:section', who: 'registrar', address: ({ taken }) => `/teaching/${taken.sections[0].id}` },
  { name: 'roster-of-somebody-else', route: '/teaching/:section', who: 'instructor', address: ({ taken }) => `/teaching/${taken.sections[0].id}` },
  { name: 'grades', route: '/teaching/:section/grades', who: 'instructor', address: ({ taught }) => `/teaching/${taught.sections[0].id}/grades` },
  { name: 'grades-refused', route: '/teaching/:section/grades', who: 'instructor', address: ({ taught }) => `/teaching/${taught.sections[0].id}/grades`, steps: faultyGrades },
  { name: 'grades-history', route: '/teaching/:section/grades', who: 'registrar', address: ({ taught }) => `/teaching/${taught.sections[0].id}/grades`, steps: opened },
  { name: 'grades-of-somebody-else', route: '/teaching/:section/grades', who: 'instructor', address: ({ taken }) => `/teaching/${taken.sections[0].id}/grades` },
  { name: 'grades-from-a-file', route: '/teaching/:section/grades', who: 'instructor', address: ({ taught }) => `/teaching/${taught.sections[0].id}/grades?tab=file`, steps: faultyFile },
  { name: 'waitlist', route: '/waitlist/:offering', who: 'instructor', address: ({ queued }) => `/waitlist/${queued.offering.id}` },
  { name: 'waitlist-empty', route: '/waitlist/:offering', who: 'registrar', address: ({ taken }) => `/waitlist/${taken.offering.id}` },
  { name: 'consents', route: '/consents', who: 'instructor', address: ({ term }) => `/consents?term=${term.code}` },
  { name: 'consents-granting', route: '/consents', who: 'registrar', address: ({ term }) => `/consents?term=${term.code}`, steps: opened },
  { name: 'consents-none', route: '/consents', who: 'instructor', address: ({ term }) => `/consents?term=${term.code}&status=withdrawn` },
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
  { name: 'office-offering-cross-listed', route: '/office/offerings/:id', who: 'registrar', address: ({ listed }) => `/office/offerings/${listed.offering.id}`, steps: sectionDetails },
  { name: 'office-offering-canceling', route: '/office/offerings/:id', who: 'registrar', address: ({ taken }) => `/office/offerings/${taken.offering.id}`, steps: canceling },
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
  { name: 'office-students-none', route: '/office/students', who: 'registrar', address: () => '/office/students?group=xyzzy' },
  { name: 'office-student-new', route: '/office/students/new', who: 'registrar' },
  { name: 'office-student-new-refused', route: '/office/students/new', who: 'registrar', steps: submitted },
  { name: 'office-student', route: '/office/students/:id', who: 'registrar', address: ({ student }) => `/office/students/${student.number}` },
  { name: 'office-student-enrollments', route: '/office/students/:id', who: 'registrar', address: ({ student, term }) => `/office/students/${student.number}?tab=enrollments&term=${term.code}` },
  { name: 'office-student-record', route: '/office/students/:id', who: 'registrar', address: ({ student, term }) => `/office/students/${student.number}?tab=enrollments&term=${term.code}`, steps: recorded },
  { name: 'office-student-permissions', route: '/office/students/:id', who: 'registrar', address: ({ waiter, term }) => `/office/students/${waiter.number}?tab=permissions&term=${term.code}` },
  { name: 'office-student-holds', route: '/office/students/:id', who: 'registrar', address: ({ student }) => `/office/students/${student.number}?tab=holds` },
  { name: 'office-student-hold-new', route: '/office/students/:id', who: 'registrar', address: ({ student }) => `/office/students/${student.number}?tab=holds`, steps: opened },
  { name: 'office-student-scores-empty', route: '/office/students/:id', who: 'registrar', address: ({ student }) => `/office/students/${student.number}?tab=scores` },
  { name: 'office-student-credits-empty', route: '/office/students/:id', who: 'registrar', address: ({ student }) => `/office/students/${student.number}?tab=credits` },
  { name: 'office-student-privacy', route: '/office/students/:id', who: 'registrar', address: ({ student }) => `/office/students/${student.number}?tab=privacy` },
  { name: 'office-student-erasing', route: '/office/students/:id', who: 'registrar', address: ({ former }) => `/office/students/${former.number}?tab=privacy`, steps: opened },
  { name: 'office-student-completed', route: '/office/students/:id', who: 'registrar', address: () => '/office/students/100001?tab=completed' },
  { name: 'office-windows', route: '/office/windows', who: 'registrar' },
  { name: 'office-window-new', route: '/office/windows', who: 'registrar', steps: opened },
  { name: 'office-permissions', route: '/office/permissions', who: 'registrar', address: ({ term }) => `/office/permissions?term=${term.code}` },
  { name: 'office-permissions-none', route: '/office/permissions', who: 'registrar', address: () => '/office/permissions?term=2024Z' },
  { name: 'office-permission-new', route: '/office/permissions', who: 'registrar', address: ({ term }) => `/office/permissions?term=${term.code}`, steps: opened },
  { name: 'office-policies', route: '/office/policies', who: 'registrar', address: ({ term }) => `/office/policies?term=${term.code}` },
  { name: 'office-broken-requisites', route: '/office/broken-requisites', who: 'registrar', address: ({ term }) => `/office/broken-requisites?term=${term.code}` },
  { name: 'office-broken-settling', route: '/office/broken-requisites', who: 'registrar', address: ({ term }) => `/office/broken-requisites?term=${term.code}`, steps: opened },
  { name: 'office-broken-none', route: '/office/broken-requisites', who: 'registrar', address: () => '/office/broken-requisites?term=2024Z&settled=yes' },
  { name: 'office-import', route: '/office/import', who: 'registrar' },
  { name: 'office-import-faulty', route: '/office/import', who: 'registrar', steps: faultyImport },
  { name: 'office-accounts', route: '/office/accounts', who: 'admin' },
  { name: 'office-account-new', route: '/office/accounts', who: 'admin', steps: opened },
  { name: 'office-audit', route: '/office/audit', who: 'registrar', address: ({ student }) => `/office/audit?student=${student.id}` },
  { name: 'office-audit-of-an-admin', route: '/office/audit', who: 'admin', address: () => '/office/audit?module=enrollment&kind=change', steps: unfolded },
  { name: 'office-audit-none', route: '/office/audit', who: 'registrar', address: () => '/office/audit?until=2020-01-01' },
  { name: 'office-integrations', route: '/office/integrations', who: 'admin' },
  { name: 'office-integration-new', route: '/office/integrations', who: 'admin', steps: opened },
  { name: 'office-integration-secrets', route: '/office/integrations', who: 'admin', steps: page => dialogOf(page, /^(Secrets of|Sekrety integracji)/) },
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

/** Show what the first row keeps folded away. */
async function unfolded(page: Page): Promise<void> {
  await page.locator('main summary').first().click()
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

/** Open the dialog of the first button of this name. */
async function dialogOf(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('button', { name }).first().click()
  await page.getByRole('dialog').or(page.getByRole('alertdialog')).waitFor()
}

async function waited(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^(Wait in the queue|Stań w kolejce)/ }).click()
  await page.getByRole('button', { name: /^(Do not wait|Nie czekaj)/ }).waitFor()
}

async function swapping(page: Page): Promise<void> {
  await dialogOf(page, /^(Swap|Wymień)/)
  await page.locator('input[name=swap]').fill('INF-1')
  await page.getByRole('button', { name: /^(Take this|Wybierz)/ }).first().click()
  await page.getByRole('dialog').getByRole('radio').first().waitFor()
}

/** There may be five addresses at most, and pages are looked at more often. */
async function feedMade(page: Page): Promise<void> {
  await dialogOf(page, /^(New calendar address|Nowy adres kalendarza)/)
  await page.locator('input[name=feed]').fill('Telefon')
}

async function canceling(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^(Cancel section|Odwołaj grupę)/ }).first().click()
  await page.getByRole('alertdialog').waitFor()
}

async function recorded(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^(History and grades|Historia i oceny)/ }).first().click()
  await page.getByRole('dialog').getByRole('listitem').first().waitFor()
}

async function faultyGrades(page: Page): Promise<void> {
  await page.locator('[data-grade]').first().fill('4.5')
  await page.locator('[data-grade]').nth(1).fill('7')
  await page.locator('[data-all]').click()
  await page.getByRole('alert').waitFor()
}

async function faultyFile(page: Page): Promise<void> {
  await page.locator('textarea').fill('number;name;grade\n999;Nikt;3.0\n998;Nikt;x')
  await page.getByRole('table').waitFor()
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
  return entry.who === 'student' || entry.who === 'waiter' || entry.who === 'newcomer' ? world[entry.who].number : entry.who
}
