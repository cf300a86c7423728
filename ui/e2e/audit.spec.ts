/** What staff did and saw: found by whom it concerned, by whom, and why. */
import { expect, test } from './harness/test'

test('a registrar sees who changed and looked at a student, and why', async ({ asRegistrar, office }) => {
  const student = await office.student()
  const reason = `Tuition is unpaid ${office.mark}.`
  await office.post(`/students/${student.number}/holds`, { reason, contact: 'bursar@example.edu', effects: ['block-add'] })
  await office.get(`/students/${student.number}/test-scores`)
  const page = await asRegistrar()
  await page.goto(`/office/audit?student=${student.id}`)
  const rows = page.getByRole('rowgroup').last().getByRole('row')

  await expect(rows).toHaveCount(3)
  await expect(rows.first()).toContainText('Look at test scores')
  const hold = rows.nth(1)
  await expect(hold).toContainText('Place a hold')
  await expect(hold).toContainText(reason)
  await expect(hold).toContainText('Blocks: No adding of courses')

  await page.getByLabel('What').selectOption('Changes')
  await expect(page.getByText('Look at test scores')).toHaveCount(1)
  await expect(rows).toHaveCount(2)
  await page.getByLabel('Operation').selectOption('Place a hold')
  await expect(rows).toHaveCount(1)
  await expect(page).toHaveURL(/operation=place_hold/)

  await expect(rows.first().getByRole('cell').first()).toContainText('registrar')
  await rows.first().getByRole('link', { name: `Żaneta Próbna (${student.number})` }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Żaneta Próbna' })).toBeVisible()
  await page.goBack()
  await expect(page.getByLabel('Operation')).toHaveValue('place_hold')

  await page.getByLabel('About', { exact: true }).selectOption('Accounts and sign-in')
  await expect(page.getByText('Nothing was written down')).toBeVisible()
  await expect(page).not.toHaveURL(/operation/)
})

test('a registrar finds by name or number whom it concerned; the address has the id alone', async ({ asRegistrar, office }) => {
  const student = await office.student({ family_name: `Śledzona${office.mark}` })
  const colleague = { username: `e.${office.mark}`, password: 'a long sentence', name: `Ewa ${office.mark}`, roles: ['registrar'] }
  const account = await office.post('/accounts', colleague, 'admin')
  const { access_token } = await office.ask('POST', `/accounts/${account.id}/tokens`, undefined, 'admin')
  await office.post(`/students/${student.id}/holds`, { reason: 'A fee', contact: 'bursar@example.edu', effects: ['block-add'] }, 'registrar', { Authorization: `Bearer ${access_token}` })
  const page = await asRegistrar()
  await page.goto('/office/audit?kind=change')

  await page.getByLabel('About which student').fill(`sledzona${office.mark}`)
  await page.getByRole('button', { name: student.number }).click()
  const rows = page.getByRole('rowgroup').last().getByRole('row')
  await expect(rows).toHaveCount(2)
  await expect(rows.first()).toContainText(colleague.name)
  await expect(rows.first()).toContainText(colleague.username)
  await expect(page).toHaveURL(new RegExp(`student=${student.id}`))
  expect(decodeURI(page.url())).not.toMatch(/ledzona/)

  await page.reload()
  await expect(page.getByRole('search')).toContainText(`Śledzona${office.mark} (${student.number})`)
  await page.getByRole('button', { name: 'Any student' }).click()
  await expect(page).toHaveURL(/\/office\/audit\?kind=change$/)
})

test('a permission tells which rules it puts aside, and older entries come on asking', async ({ asRegistrar, office }) => {
  const [student, term] = [await office.student(), await office.term()]
  await office.post('/permissions', { student_id: student.id, term_id: term.id, rules: ['credit-limit'], reason: 'Two programs' })
  for (let look = 0; look < 26; look += 1) await office.get(`/permissions?student_id=${student.id}`)
  const page = await asRegistrar({ language: 'pl', device: 'phone' })
  await page.goto(`/office/audit?module=enrollment&student=${student.id}`)

  await expect(page.getByText('Lista zezwoleń').last()).toBeVisible()
  await expect(page.getByText('Mimo reguł:')).toHaveCount(0)
  await page.getByRole('button', { name: 'Pokaż więcej' }).click()
  await expect(page.getByText('Two programs')).toBeVisible()
  await expect(page.getByText(/^Mimo reguł: /)).toBeVisible()
})

test('an administrator sees it, too; what is no day is refused in words', async ({ enter }) => {
  const page = await enter('admin')
  await page.goto('/')
  await page.getByRole('link', { name: /^Who saw and changed what/ }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Who saw and changed what' })).toBeVisible()

  await page.goto('/office/audit?since=yesterday')
  await expect(page.getByRole('alert')).toContainText('Some fields are not valid.')
})

test('the audit is nobody’s but the registrar’s and the admin’s', async ({ asStudent, asInstructor, office }) => {
  const { number } = await office.student()
  for (const page of [await asStudent(number), await asInstructor()]) {
    await page.goto('/office/audit')
    await expect(page.getByRole('heading', { name: 'This page is not for your account' })).toBeVisible()
  }
})
