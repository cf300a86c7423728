/** The registrar opens registration: a term of the test's own, a window, and a student who gets in by it. */
import { axe, expect, test, type Page } from './harness/test'
import type { Office, Told } from './harness/office'

async function ownTerm(office: Office, suffix: string): Promise<Told> {
  return office.post('/terms', { code: `W-${office.mark}-${suffix}`, title: `Semestr ${office.mark} ${suffix}`, starts_on: '2041-10-01', ends_on: '2042-01-31' })
}

async function fill(page: Page, name: string, opens: string, closes: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(name)
  await dialog.getByLabel('Opens').fill(opens)
  await dialog.getByLabel('Closes').fill(closes)
}

test('a window is made, seen open, changed and deleted', async ({ asRegistrar, office }) => {
  const term = await ownTerm(office, '1')
  const page = await asRegistrar()
  await page.goto(`/office/windows?term=${term.code}`)
  await expect(page.getByText('This term has no windows yet.')).toBeVisible()

  await page.getByRole('button', { name: 'New window' }).click()
  await fill(page, 'Second year', '2020-07-01T08:00', '2041-12-01T08:00')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Programs').fill('INF, MAT')
  await dialog.getByLabel('2', { exact: true }).check()
  await dialog.getByLabel('Credits in the term, at most').fill('36')
  await expect(dialog.getByText('students of year 2, of INF or MAT, up to 36 credits in the term')).toBeVisible()
  await axe(page)
  await dialog.getByRole('button', { name: 'Save' }).click()

  await expect(page.getByRole('row', { name: /Second year .*Open now/ })).toBeVisible()
  const [window] = (await office.get(`/registration-windows?term=${term.code}`)).items
  // The university's time, in summer and in winter, whatever the browser's own is.
  expect([window.opens_at, window.closes_at]).toEqual(['2020-07-01T06:00:00Z', '2041-12-01T07:00:00Z'])

  await page.getByRole('button', { name: 'Change “Second year”' }).click()
  await dialog.getByLabel('Opens').fill('2041-11-30T08:00')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('row', { name: /Second year .*Not yet open/ })).toBeVisible()

  await page.getByRole('button', { name: 'Delete “Second year”' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByText('This term has no windows yet.')).toBeVisible()
})

test('a window that closes before it opens is refused at its field', async ({ asRegistrar, office }) => {
  const term = await ownTerm(office, '2')
  const page = await asRegistrar()
  await page.goto(`/office/windows?term=${term.code}`)
  await page.getByRole('button', { name: 'New window' }).click()

  await fill(page, 'Backwards', '2041-10-02T08:00', '2041-10-01T08:00')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()

  await expect(page.getByLabel('Closes')).toHaveAccessibleDescription(/must open before it closes/)
  await expect(page.getByLabel('Closes')).toBeFocused()
  await expect(page.getByLabel('Name')).toHaveValue('Backwards')
})
