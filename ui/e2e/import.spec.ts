/** The registrar brings a term in from a file: first one with faulty rows, then a good one. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { campus, zipped, type Tables } from './harness/oneroster'
import { axe, expect, fits, test, type Page } from './harness/test'

function mark(): string {
  return randomUUID().slice(0, 8).toUpperCase()
}

async function choose(page: Page, name: string, content: Buffer): Promise<void> {
  await page.getByLabel('Choose a zip file').setInputFiles({ name, mimeType: 'application/zip', buffer: content })
  await page.getByRole('button', { name: 'Check the file' }).click()
}

/** One fault in a course, a section, a student and an enrollment each. */
function spoiled(tables: Tables): Tables {
  const [course, section, student, enrollment] = [tables.courses?.[0], tables.classes?.[1], tables.users?.[1], tables.enrollments?.[0]]
  if (!course || !section || !student || !enrollment) throw new Error('The file is too small to be spoiled.')
  course['metadata.requisites'] = 'INF-1 AND'
  section['metadata.capacity'] = 'many'
  student.email = 'nowhere'
  enrollment.userSourcedId = 'nobody'
  return tables
}

test('a file with faulty rows changes nothing and tells every row; the good one is imported with progress, and once', async ({ asRegistrar, office }) => {
  test.slow()
  const name = mark()
  const page = await asRegistrar()
  await page.goto('/office/import')

  await choose(page, 'term.zip', zipped(spoiled(campus(name))))
  await expect(page.getByRole('heading', { name: '4 faults in the file; nothing was written' })).toBeVisible()
  const faults = page.getByRole('table', { name: 'Faulty rows' })
  await expect(faults.getByRole('row')).toHaveCount(5)
  await expect(faults.getByRole('row', { name: /classes\.csv 3 metadata\.capacity Must be a whole number/ })).toBeVisible()
  await page.getByLabel('Show the faults of').selectOption('users.csv')
  await expect(faults.getByRole('row')).toHaveCount(2)
  await expect(page.getByText('1 of 1 fault shown')).toBeVisible()
  await axe(page)
  await fits(page)

  const downloaded = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download as CSV' }).click()
  expect(readFileSync(await (await downloaded).path(), 'utf8')).toContain('users.csv,3,email,Must be an e-mail address.')
  expect((await office.get(`/courses?q=OR-${name}`)).items).toEqual([])

  await choose(page, 'term.zip', zipped(campus(name, 40)))
  await expect(page.getByRole('heading', { name: 'The file has no faults' })).toBeVisible()
  await expect(page.getByRole('row', { name: 'Students 40 0 0 No faults' })).toBeVisible()
  expect((await office.get(`/courses?q=OR-${name}`)).items).toEqual([])

  await page.getByRole('button', { name: 'Import now' }).click()
  await expect(page.getByRole('progressbar', { name: 'Importing: Students' })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'The import is complete' })).toBeVisible({ timeout: 40_000 })
  await expect(page.getByRole('row', { name: 'Enrollments 3 0 0 Imported' })).toBeVisible()
  expect((await office.get(`/courses?q=OR-${name}`)).items).toHaveLength(2)
  expect((await office.post('/students/search', { q: name, total: true })).total).toBe(40)

  await page.getByRole('button', { name: 'Choose another file' }).click()
  await choose(page, 'term.zip', zipped(campus(name, 40)))
  await expect(page.getByText('Everything in the file is here already')).toBeVisible()
})

test('what is no zip is refused in words, by keyboard alone', async ({ asRegistrar }) => {
  const page = await asRegistrar()
  await page.goto('/office/import')
  await page.getByRole('heading', { level: 1 }).waitFor()

  await page.getByRole('button', { name: 'Check the file' }).press('Enter')
  await expect(page.getByText('Choose a file first.')).toBeVisible()
  await page.getByLabel('Choose a zip file').setInputFiles({ name: 'notes.zip', mimeType: 'application/zip', buffer: Buffer.from('no zip at all') })
  await page.getByRole('button', { name: 'Check the file' }).press('Enter')

  await expect(page.getByRole('heading', { name: '1 fault in the file; nothing was written' })).toBeVisible()
  await expect(page.getByRole('row', { name: /the file itself .*This is not a zip file/ })).toBeVisible()
})

test('an import whose page is loaded again is followed to its end, and the same file finishes it', async ({ asRegistrar, office }) => {
  test.slow()
  const name = mark()
  const file = zipped(campus(name, 40))
  const page = await asRegistrar()
  await page.goto('/office/import')
  await choose(page, 'term.zip', file)
  await page.getByRole('button', { name: 'Import now' }).click()
  await expect.poll(() => page.evaluate(() => sessionStorage.getItem('import'))).not.toBeNull()

  page.once('dialog', dialog => void dialog.accept())
  await page.reload()

  const rest = page.getByRole('heading', { name: /The rest waits for the file|The import is complete/ })
  await expect(rest).toBeVisible({ timeout: 40_000 })
  if (await rest.textContent() !== 'The import is complete') {
    await choose(page, 'term.zip', file)
    await page.getByRole('button', { name: 'Import now' }).click()
  }
  await expect(page.getByRole('heading', { name: 'The import is complete' })).toBeVisible({ timeout: 40_000 })
  expect((await office.post('/students/search', { q: name, total: true })).total).toBe(40)
})
