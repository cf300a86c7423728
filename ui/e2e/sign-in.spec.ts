import { axe, expect, test } from './harness/test'

test('a student signs in with the keyboard, is greeted, and signs out', async ({ asVisitor, office }) => {
  const student = await office.student({ given_name: 'Łucja' })
  const page = await asVisitor({ language: 'pl' })
  await page.goto('/sign-in')

  await page.getByLabel('Nazwa użytkownika').focus()
  await page.keyboard.type(student.number)
  await page.keyboard.press('Tab')
  await page.keyboard.type('demo')
  await page.keyboard.press('Enter')

  await expect(page.getByRole('heading', { level: 1 })).toContainText('Łucja')
  await page.getByRole('button', { name: 'Wyloguj' }).click()
  await expect(page.getByRole('banner').getByRole('link', { name: 'Zaloguj się' })).toBeVisible()
})

test('a wrong password is told in words, and nobody is signed in', async ({ asVisitor }) => {
  const page = await asVisitor()
  await page.goto('/sign-in')

  await page.getByLabel('User name').fill('registrar')
  await page.getByLabel('Password').fill('guessed')
  await page.getByRole('button', { name: 'Sign in' }).click()

  await expect(page.getByRole('alert')).toContainText('The username or the password is wrong.')
  await expect(page.getByLabel('Password')).toHaveValue('')
  expect((await page.context().cookies()).map(cookie => cookie.name)).toEqual([])
})

test('whoever opens a page of their own is asked to sign in, and then is there', async ({ asVisitor, office }) => {
  const student = await office.student()
  const page = await asVisitor()
  await page.goto('/sign-in?next=/not-yours')

  await page.getByLabel('User name').fill(student.number)
  await page.getByLabel('Password').fill('demo')
  await page.getByRole('button', { name: 'Sign in' }).click()

  await expect(page).toHaveURL('/not-yours')
})

test('the session is a cookie that no script can read, and it ends on the server', async ({ asStudent, office }) => {
  const student = await office.student()
  const page = await asStudent(student.number)
  await page.goto('/')
  const [cookie] = await page.context().cookies()

  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' })
  expect(await page.evaluate(() => document.cookie)).toBe('')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible()

  const told = await fetch(new URL('/api/v1/auth/me', page.url()), {
    headers: { Cookie: `${cookie?.name ?? ''}=${cookie?.value ?? ''}` },
  })
  expect(told.status).toBe(401)
})

test('whoever failed too often is told in words to wait, cannot press meanwhile, and then can', async ({ asVisitor, guard, office, url }) => {
  guard.expects(/status of 429 .*auth.session/)
  const name = `guessed-${office.mark}`
  const page = await asVisitor()
  await page.goto('/sign-in')
  await page.getByLabel('User name').fill(name)
  await page.getByLabel('Password').fill('guessed')
  // Each further failure doubles the pause: long enough at the end for a slow machine to see it.
  for (let longest = 0; longest < 4;) {
    const answer = await fetch(`${url}/api/v1/auth/token`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ username: name, password: 'guessed' }) })
    if (answer.status !== 429) continue
    longest = Number(answer.headers.get('retry-after'))
    await page.waitForTimeout(longest * 1000)
  }
  const press = page.getByRole('button', { name: 'Sign in' })
  await press.click()
  await expect(page.getByRole('alert')).toContainText('The username or the password is wrong.')
  await page.getByLabel('Password').fill('guessed again')
  await press.click()

  await expect(page.getByRole('alert')).toContainText('Too many attempts failed; wait before the next one.')
  await expect(page.getByText(/^You can try again in 00:00:\d\d$/)).toBeVisible()
  await expect(press).toBeDisabled()
  await axe(page)
  await expect(press).toBeEnabled()
  await expect(page.getByText('You can try again in')).toBeHidden()
})
