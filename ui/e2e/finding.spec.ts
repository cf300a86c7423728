/** Finding a course, and learning what it asks for. */
import { axe, expect, meeting, test, type Page } from './harness/test'

/** Where a course is found in the results. */
const card = (page: Page, title: string) => page.getByRole('article', { name: title })

test('a course is found without its accents, from the first letters of its words', async ({ asVisitor, office }) => {
  const term = await office.term()
  const page = await asVisitor({ language: 'pl', device: 'phone' })
  await page.goto(`/courses?term=${term.code}`)

  await page.getByRole('searchbox', { name: 'Szukaj' }).fill('jezyk niem')

  await expect(card(page, 'Język niemiecki A1')).toContainText('LEK-111')
  await expect(page.getByRole('article')).not.toHaveCount(20)
  await expect(page.getByRole('status').filter({ hasText: 'Znaleziono' })).toBeVisible()
  await expect(page).toHaveURL(/q=jezyk\+niem/)
})

test('filters live in the address: they survive a reload and the way back, and each can be let go of', async ({ asVisitor, office }) => {
  const term = await office.term()
  const { course } = await office.offered([{ meetings: [meeting('sat', '07:00', '07:45')], language: 'de' }], { title: 'Poranki z niemieckim', ects: 7 })
  const page = await asVisitor()
  await page.goto(`/courses?term=${term.code}`)
  await expect(page.getByRole('article')).toHaveCount(20)

  await page.getByLabel('Day', { exact: true }).selectOption('Saturday')
  await page.getByLabel('Ends by').fill('08:00')
  await page.getByLabel('Ends by').blur()
  await page.getByLabel('Credits').fill('7')
  await page.getByLabel('Credits').press('Enter')
  await expect(page.getByRole('article')).toHaveCount(1)
  await expect(page).toHaveURL(/day=sat.*to=08:00.*ects=7/)
  await page.reload()

  await expect(page.getByRole('article')).toHaveCount(1)
  await expect(page.getByLabel('Day', { exact: true })).toHaveValue('sat')
  await page.getByRole('link', { name: 'Poranki z niemieckim', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Poranki z niemieckim')
  await expect(page).toHaveURL(new RegExp(`/courses/${course.code}\\?term=${term.code}`))
  await page.goBack()
  await expect(page.getByLabel('Credits')).toHaveValue('7')
  await page.goBack()
  await expect(page.getByLabel('Credits')).toHaveValue('')
})

test('where nothing fits, the page says what to let go of', async ({ asVisitor, office }) => {
  const term = await office.term()
  const page = await asVisitor()
  await page.goto(`/courses?term=${term.code}&q=inf-105&day=sun`)

  await expect(page.getByText('No course fits', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Without day: Sunday' }).click()

  await expect(page.getByRole('article')).toHaveCount(1)
  await expect(page).not.toHaveURL(/day=/)
})

test('seats change before the reader\'s eyes when somebody else takes one', async ({ asVisitor, office }) => {
  const term = await office.term()
  const { course, sections: [section] } = await office.offered([{ capacity: 2 }], { title: 'Ostatnie miejsca' })
  const [first, second] = [await office.student(), await office.student()]
  const page = await asVisitor()
  await page.goto(`/courses?term=${term.code}&q=${course.code}`)
  await expect(card(page, 'Ostatnie miejsca')).toContainText('2 seats of 2 free')

  await office.enrolled(first, section.id)
  await expect(card(page, 'Ostatnie miejsca')).toContainText('1 seat of 2 free')
  await office.enrolled(second, section.id)

  await expect(card(page, 'Ostatnie miejsca')).toContainText('Full: all 2 seats are taken')
})

test('a section that clashes says with what, is told apart by weeks, and can be left out', async ({ asStudent, office }) => {
  const term = await office.term()
  const mine = await office.offered([{ meetings: [meeting('mon', '10:15', '11:45', { weeks: 'odd' })] }])
  const { course } = await office.offered([
    { number: 'A', meetings: [meeting('mon', '11:00', '12:30')] },
    { number: 'B', meetings: [meeting('mon', '11:00', '12:30', { weeks: 'even' })] },
    { number: 'C', meetings: [meeting('mon', '11:45', '13:15')] },
  ], { title: 'Wybór grup' })
  const blocked = await office.offered([{ meetings: [meeting('mon', '09:00', '10:30')] }], { title: 'Wybór bez wyjścia' })
  const student = await office.student()
  await office.enrolled(student, mine.sections[0].id)
  await office.eventually(`/students/me/timetable?term=${term.code}`, told => told.occurrences.length > 0, student.number)
  const page = await asStudent(student.number)
  await page.goto(`/courses?term=${term.code}&q=wybor ${office.mark}`)

  const lines = card(page, 'Wybór grup').getByRole('listitem')
  await expect(lines.filter({ hasText: 'lecture A' })).toContainText(`Clashes with ${mine.course.code}, Mon 10:15`)
  await expect(lines.filter({ hasText: 'lecture B' })).not.toContainText('Clashes')
  await expect(lines.filter({ hasText: 'lecture C' })).not.toContainText('Clashes')
  await expect(card(page, 'Wybór bez wyjścia')).toContainText('Clashes')
  await page.getByLabel('Only what fits my timetable').check()

  await expect(card(page, 'Wybór bez wyjścia')).toHaveCount(0)
  await expect(card(page, 'Wybór grup')).toBeVisible()
  expect([course.code, blocked.course.code]).toHaveLength(2)
})

test('a visitor who wants to plan signs in, comes back, and plans a bundle with the keyboard alone', async ({ asVisitor, office }) => {
  const term = await office.term()
  const student = await office.student()
  const { course } = await office.offered([
    { number: 'W1', component: 'lecture', meetings: [meeting('tue', '08:00', '09:30')] },
    { number: 'C1', component: 'exercise', meetings: [meeting('tue', '10:00', '11:30')] },
    { number: 'C2', component: 'exercise', meetings: [meeting('wed', '10:00', '11:30')] },
  ], { title: 'Planowanie' })
  await demand(office, course, term, ['lecture', 'exercise'])
  const page = await asVisitor()
  await page.goto(`/courses?term=${term.code}&q=${course.code}`)

  await page.getByRole('link', { name: 'Sign in to plan: Planowanie' }).press('Enter')
  await page.getByLabel('User name').fill(student.number)
  await page.getByLabel('Password').fill('demo')
  await page.getByLabel('Password').press('Enter')
  await page.getByRole('button', { name: 'Add to plan: Planowanie' }).press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Add to plan: Planowanie' })
  await expect(dialog.getByRole('radio', { name: 'W1' })).toBeChecked()
  await axe(page)
  await dialog.getByRole('button', { name: 'Add to plan' }).press('Enter')
  await expect(dialog.getByRole('alert')).toContainText('Choose one more: exercise class.')
  await dialog.getByRole('radio', { name: 'C2' }).press('Space')
  await dialog.getByRole('button', { name: 'Add to plan' }).press('Enter')

  await expect(page.getByRole('status').filter({ hasText: 'Planowanie is in the plan' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'See my plan' })).toBeFocused()
  const { items: [plan] } = await office.get(`/plans?student_id=me&term=${term.code}`, student.number)
  expect(plan.items[0].section_ids).toHaveLength(2)
})

test('a course page tells where the student stands, and its drawing is walked by keyboard', async ({ asStudent, office }) => {
  const term = await office.term()
  const page = await asStudent('student')
  await page.goto(`/courses/INF-302?term=${term.code}`)

  await expect(page.getByText('You do not meet the requirements yet.', { exact: false })).toBeVisible()
  await expect(page.getByText('missing: you do not belong')).toBeVisible()
  const drawing = page.getByRole('region', { name: 'Drawing' })
  await expect(drawing.getByRole('link', { name: /INF-302/ })).toHaveAttribute('aria-current', 'page')
  await expect(drawing.getByRole('link', { name: /INF-101/ })).toContainText('passed')
  await drawing.getByRole('link', { name: /INF-112/ }).press('Enter')

  await expect(page).toHaveURL(/\/courses\/INF-112/)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Operating Systems')
  await page.getByRole('tab', { name: 'Drawing' }).press('ArrowRight')
  await expect(page.getByRole('tabpanel').getByRole('link', { name: /INF-302/ })).toBeVisible()
})

test('a course that does not exist leads to the search', async ({ asVisitor, guard }) => {
  guard.expects(/status of 404 .*NIC-1/)
  const page = await asVisitor()
  await page.goto('/courses/NIC-1')

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is no course NIC-1')
  await page.getByRole('searchbox').fill('algebra')

  await expect(page).toHaveURL(/\/courses\?.*q=algebra/)
  await expect(page.getByRole('article').first()).toBeVisible()
})

interface Offer { id: string }
type Asking = { ask: (method: string, path: string, body: unknown) => Promise<unknown>, get: (path: string) => Promise<{ items: Offer[] }> }

/** Demand one section of each of these components. */
async function demand(office: Asking, course: Offer, term: { code: string }, components: string[]): Promise<void> {
  const { items: [offering] } = await office.get(`/offerings?course=${course.id}&term=${term.code}`)
  await office.ask('PATCH', `/offerings/${offering?.id ?? ''}`, { required_components: components })
}
