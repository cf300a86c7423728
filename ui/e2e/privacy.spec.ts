/** What the law gives students: a copy of everything, and being forgotten. */
import { readFileSync } from 'node:fs'
import { type Download } from '@playwright/test'
import { axe, expect, test } from './harness/test'

async function told(download: Download): Promise<{ student_id: string, modules: Record<string, unknown> }> {
  return JSON.parse(readFileSync(await download.path(), 'utf8')) as { student_id: string, modules: Record<string, unknown> }
}

test('a registrar takes a copy of everything, and erases who has left', async ({ asRegistrar, office }) => {
  const student = await office.student({ family_name: `Dawna${office.mark}`, status: 'graduated' })
  const page = await asRegistrar()
  await page.goto(`/office/students/${student.number}?tab=privacy`)

  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Everything that is kept (JSON)' }).click()])
  expect(download.suggestedFilename()).toBe(`student-${student.id}.json`)
  const copy = await told(download)
  expect(copy.student_id).toBe(student.id)
  expect(Object.keys(copy.modules)).toEqual(['course', 'enrollment', 'gateway', 'student'])

  await page.getByRole('button', { name: 'Erase' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reason').fill('Asked to be forgotten.')
  await dialog.getByLabel('Type the student number').fill(student.number.slice(1))
  await dialog.getByRole('button', { name: 'Erase' }).click()
  await expect(dialog.getByLabel('Type the student number')).toHaveAccessibleDescription(`This is not ${student.number}.`)
  await expect(dialog.getByLabel('Type the student number')).toBeFocused()
  await axe(page)
  expect((await office.get(`/students/${student.id}`)).family_name).toBe(`Dawna${office.mark}`)

  await dialog.getByLabel('Type the student number').fill(student.number)
  await dialog.getByRole('button', { name: 'Erase' }).click()
  await expect(page.getByText('What said who this was is erased.')).toBeVisible()
  await expect(page.getByRole('heading', { level: 1, name: 'N. N.' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Erase' })).toBeHidden()
  expect(await office.get(`/students/${student.id}`)).toMatchObject({ family_name: 'N.', number: `x-${student.id}` })

  await page.getByRole('link', { name: 'Who saw and changed this' }).click()
  await page.getByLabel('About', { exact: true }).selectOption('Accounts and sign-in')
  await expect(page.getByText('Asked to be forgotten.')).toBeVisible()
})

test('who still studies cannot be erased, and a reason must be given', async ({ asRegistrar, office }) => {
  const [here, left] = [await office.student(), await office.student({ status: 'withdrawn' })]
  const page = await asRegistrar({ language: 'pl' })
  await page.goto(`/office/students/${here.number}?tab=privacy`)
  await expect(page.getByText('nadal studiuje')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Usuń dane osoby' })).toBeHidden()

  await page.goto(`/office/students/${left.number}?tab=privacy`)
  await page.getByRole('button', { name: 'Usuń dane osoby' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Aby potwierdzić').fill(left.number)
  await dialog.getByRole('button', { name: 'Usuń dane osoby' }).click()
  await expect(dialog.getByLabel('Powód')).toHaveAttribute('aria-invalid', 'true')
  await expect(dialog.getByLabel('Powód')).toBeFocused()
  // Who comes back while the dialog is open is refused by the university itself.
  await office.ask('PATCH', `/students/${left.number}`, { status: 'active' })
  await dialog.getByLabel('Powód').fill('Na wniosek.')
  await dialog.getByRole('button', { name: 'Usuń dane osoby' }).click()
  await expect(dialog.getByRole('alert')).toContainText('Ta osoba nadal studiuje')
})

test('students take along what is kept about them', async ({ asStudent, office }) => {
  const student = await office.student()
  const page = await asStudent(student.number, { device: 'phone' })
  await page.goto('/')
  await page.getByRole('link', { name: /: my account$/ }).click()

  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download my data' }).click()])

  expect((await told(download)).student_id).toBe(student.id)
})
