/** The network fails at the worst moment: between what the university does and the student who would hear of it. */
import { expect, meeting, test as base, type Page, type Student } from './harness/test'
import type { Office, Told } from './harness/office'
import { Wire } from './harness/wire'

// The page may be trying the same request at that moment: only the one that is meant counts.
const REGISTERING = /^POST \/api\/v1\/registration-requests [\s\S]*"dry_run":false/
const AWAY = 'No connection to the university'

const test = base.extend<{ wire: Wire }>({
  wire: async ({ url, guard }, use) => {
    guard.expects(/net::ERR_/)
    const wire = await Wire.laid(url)
    await use(wire)
    await wire.takeUp()
  },
})

test('the answer to "register all" is lost: the student is told once, and registered once', async ({ office, enter, wire }) => {
  const student = await office.student()
  await planned(office, student)
  const page = await enter(student.number, { url: wire.url })
  const told = outcomes(page)
  await open(page)

  wire.cutAfter(REGISTERING)
  await page.getByRole('button', { name: 'Register all' }).click()

  await expect(page.getByText(AWAY)).toBeVisible()
  await expect(page.getByText('It is carried out once')).toBeVisible()
  expect(wire.isCut).toBe(true)
  expect(await places(office, student)).toHaveLength(2)
  expect(await told.seen()).toEqual([])

  wire.mend()

  await expect(page.getByText('Enrolled: 2 courses')).toBeVisible()
  await expect(page.getByText(AWAY)).toBeHidden()
  expect(await told.seen()).toEqual(['Enrolled: 2 courses'])
  expect(await places(office, student)).toHaveLength(2)
})

test('the page is closed before the network is back: opened again, it tells what became of the request', async ({ office, enter, wire }) => {
  const student = await office.student()
  await planned(office, student)
  const page = await enter(student.number, { url: wire.url })
  await open(page)

  wire.cutAfter(REGISTERING)
  await page.getByRole('button', { name: 'Register all' }).click()
  await expect(page.getByText(AWAY)).toBeVisible()
  const again = await page.context().newPage()
  await page.close()
  wire.mend()
  await again.goto('/plan')

  await expect(again.getByText('Enrolled: 2 courses')).toBeVisible()
  expect(await places(office, student)).toHaveLength(2)
})

test('the request never arrived, and the last seat goes to somebody else: the student hears just that', async ({ office, enter, wire }) => {
  const student = await office.student()
  const { full } = await planned(office, student)
  const page = await enter(student.number, { url: wire.url })
  const told = outcomes(page)
  await open(page)

  wire.cut()
  await page.getByRole('button', { name: 'Register all' }).click()
  await expect(page.getByText(AWAY)).toBeVisible()
  expect(await places(office, student)).toEqual([])
  await office.enrolled(await office.student(), full)
  wire.mend()

  await expect(page.getByText('Not enrolled: 1 reason')).toBeVisible()
  await expect(page.getByText('Somebody else took the last seat a moment ago.')).toBeVisible()
  expect(await told.seen()).toEqual(['Not enrolled: 1 reason'])
  expect(await places(office, student)).toEqual([])
})

test('the answer to a swap is lost, and the page with it: opened again, it tells what became of it, once', async ({ office, enter, wire }) => {
  const student = await office.student()
  const [old, wanted] = [await office.offered(), await office.offered()]
  await office.enrolled(student, old.sections[0].id)
  const page = await enter(student.number, { url: wire.url })
  await page.goto('/registration')
  await page.getByRole('button', { name: /^Swap for another course/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('searchbox').fill(wanted.course.code)
  await dialog.getByRole('button', { name: /^Take this/ }).click()
  await expect(dialog.getByRole('status').filter({ hasText: 'This is possible now.' })).toBeVisible()

  wire.cutAfter(REGISTERING)
  await dialog.getByRole('button', { name: 'Swap', exact: true }).click()
  await expect(page.getByText(AWAY)).toBeVisible()
  const again = await page.context().newPage()
  await page.close()
  wire.mend()
  await again.goto('/registration')

  await expect(again.getByRole('status').filter({ hasText: 'Changed. You are registered' })).toBeVisible()
  await expect(again.getByRole('article')).toContainText(wanted.course.code)
  expect((await places(office, student)).map(one => one.status).toSorted()).toEqual(['dropped', 'enrolled'])
})

/** Make a plan of two courses for a student; the second has one seat. */
async function planned(office: Office, student: Student): Promise<{ full: string }> {
  const term = await office.term()
  const first = await office.offered([{ meetings: [meeting('wed', '08:00', '09:30')] }])
  const second = await office.offered([{ capacity: 1, meetings: [meeting('thu', '08:00', '09:30')] }])
  const bundles = [first, second].map(({ sections }) => ({ section_ids: [sections[0].id as string] }))
  await office.post('/plans', { student_id: student.id, term_id: term.id, name: 'Mine', items: bundles }, student.number)
  return { full: second.sections[0].id as string }
}

async function open(page: Page): Promise<void> {
  await page.goto('/plan')
  await expect(page.getByText('All 2 courses can be registered.')).toBeVisible()
}

async function places(office: Office, student: Student): Promise<Told[]> {
  const { items } = await office.get(`/enrollments?student_id=${student.id}`)
  return items as Told[]
}

/** Every outcome that the page ever told, from the first moment on. */
function outcomes(page: Page): { seen: () => Promise<string[]> } {
  void page.addInitScript(() => {
    const seen: string[] = []
    Object.assign(window, { outcomesSeen: seen })
    new MutationObserver(() => {
      const [told] = /(?:Not enrolled|Enrolled): [^.\n]*?\b(?:reasons?|courses?)/.exec(document.querySelector('main')?.innerText ?? '') ?? []
      if (told && seen.at(-1) !== told) seen.push(told)
    }).observe(document, { subtree: true, childList: true, characterData: true })
  })
  return { seen: () => page.evaluate(() => (window as unknown as { outcomesSeen: string[] }).outcomesSeen) }
}
