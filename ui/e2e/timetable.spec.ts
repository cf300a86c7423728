/** A student's timetable by its real dates, on screen and on paper, and the transcript. */
import { axe, expect, fits, meeting, test } from './harness/test'
import type { Office, Student } from './harness/office'

/** A student with a lecture on Mondays and a laboratory in odd weeks, shown as soon as the study record knows. */
async function busyStudent(office: Office): Promise<Student> {
  const student = await office.student()
  const monday = await office.offered([{ number: 'W1', meetings: [meeting('mon', '10:00', '11:30', { room: 'Aula 7' })] }], { title: 'Teoria grafów', title_en: 'Graph theory' })
  const odd = await office.offered([{ number: 'L1', component: 'laboratory', meetings: [meeting('wed', '12:00', '13:30', { component: 'laboratory', weeks: 'odd' })] }], { title: 'Sieci', title_en: 'Networks' })
  await office.enrolled(student, monday.sections[0].id)
  await office.enrolled(student, odd.sections[0].id)
  const term = await office.term()
  await office.eventually(`/students/${student.id}/timetable?term=${term.code}`, told => new Set(told.occurrences.map((one: { section_id: string }) => one.section_id)).size === 2)
  return student
}

test('a week is gone through by real dates, and a day off is named', async ({ asStudent, office }) => {
  const student = await busyStudent(office)
  const term = await office.term()
  const off = term.calendar.find((change: { date: string, off?: boolean }) => change.off && new Date(change.date).getUTCDay() % 6 !== 0)
  const page = await asStudent(student.number)
  await page.goto(`/timetable?term=${term.code}&week=${off.date}`)

  await expect(page.getByRole('tabpanel').getByRole('heading', { level: 2 })).toContainText(/Week \d+/)
  await expect(page.getByText('Day off').first()).toBeVisible()

  const before = await page.getByLabel('Week', { exact: true }).inputValue()
  await page.getByRole('button', { name: 'The week after' }).click()
  await expect(page.getByLabel('Week', { exact: true })).not.toHaveValue(before)
  await page.getByRole('button', { name: 'The week before' }).click()
  await expect(page.getByLabel('Week', { exact: true })).toHaveValue(before)
})

test('the ordinary week says in words which weeks are odd', async ({ asStudent, office }) => {
  const student = await busyStudent(office)
  const term = await office.term()
  const page = await asStudent(student.number, { language: 'pl', device: 'phone' })
  await page.goto(`/timetable?term=${term.code}`)
  await page.getByRole('tab', { name: 'Typowy tydzień' }).click()

  const wednesday = page.getByRole('region', { name: 'środa' })
  await expect(wednesday).toContainText('Sieci')
  await expect(wednesday).toContainText('12:00–13:30, tygodnie nieparzyste')
  await expect(page).toHaveURL(/view=pattern/)
})

test('the printed week has the classes on one sheet, and nothing of the page around them', async ({ asStudent, office }) => {
  const student = await busyStudent(office)
  const term = await office.term()
  const page = await asStudent(student.number, { scheme: 'dark' })
  await page.goto(`/timetable?term=${term.code}&view=pattern`)
  await expect(page.getByText('Graph theory')).toBeVisible()

  await page.emulateMedia({ media: 'print' })

  await expect(page.getByText('Graph theory')).toBeVisible()
  await expect(page.getByText('Aula 7')).toBeVisible()
  await expect(page.getByRole('navigation')).toBeHidden()
  await expect(page.getByRole('contentinfo')).toBeHidden()
  await expect(page.getByRole('button', { name: 'Print' })).toBeHidden()
  await expect(page.getByRole('tablist')).toBeHidden()
  const paper = await page.locator('body').evaluate(body => [getComputedStyle(body).backgroundColor, getComputedStyle(body).color])
  expect(paper).toEqual(['rgb(255, 255, 255)', 'rgb(0, 0, 0)'])
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1')
  const sheets = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map(([, width, height]) => [Math.round(Number(width)), Math.round(Number(height))])
  expect(sheets).toEqual([[842, 595]])
})

test('an address for a calendar is made, shown once, read by a calendar, and revoked', async ({ asStudent, office, url }) => {
  const student = await busyStudent(office)
  const page = await asStudent(student.number, { device: 'phone' })
  await page.goto('/timetable')
  await page.getByRole('button', { name: 'New calendar address' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'What it is for' }).fill('My phone')
  await dialog.getByRole('button', { name: 'Make the address' }).click()
  await expect(dialog).toContainText('it is shown only this once')
  await axe(page)
  await fits(page)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await dialog.getByRole('button', { name: 'Copy' }).click()
  await expect(dialog.getByText('Copied.')).toBeVisible()
  const address = await page.evaluate(() => navigator.clipboard.readText())
  expect(address.startsWith(`${url}/api/v1/students/`)).toBe(true)
  expect(await (await fetch(address)).text()).toContain('BEGIN:VCALENDAR')
  await dialog.getByRole('button', { name: 'Done' }).click()

  await page.getByRole('button', { name: /^Revoke.*My phone$/ }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()

  await expect(page.getByRole('status').filter({ hasText: 'My phone is revoked.' })).toBeVisible()
  await expect(page.getByRole('button', { name: /^Revoke.*My phone$/ })).toBeHidden()
  expect((await fetch(address)).status).toBe(404)
})

test('the transcript tells the same average as the record', async ({ asStudent, office }) => {
  const record = await office.get('/students/100077/transcript', '100077')
  const page = await asStudent('100077')
  await page.goto('/transcript')

  await expect(page.getByText('Average, weighted by ECTS').locator('..')).toContainText(record.gpa === null ? 'No grades yet' : record.gpa.toFixed(2))
  for (const term of record.terms) await expect(page.getByRole('heading', { name: term.term.title })).toBeVisible()
  await expect(page.getByRole('table')).toHaveCount(record.terms.length)
})
