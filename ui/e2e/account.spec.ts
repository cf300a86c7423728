/** People look after their own account: activation, the password, and where they are signed in. */
import { expect, test, type Page } from './harness/test'

const CHOSEN = 'four gray herons at dusk'

async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel('User name').fill(name)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible()
}

test('a code becomes a password, once, and not any password', async ({ asVisitor, office }) => {
  const name = `e.codes-${office.mark}`
  await office.post('/accounts', { username: name, name: 'Ewa Codes', password: 'forgotten by everybody', roles: ['registrar'] }, 'admin')
  const { code } = await office.post(`/accounts/${name}/activation`, undefined, 'admin')
  const page = await asVisitor()
  await page.goto('/sign-in')
  await page.getByRole('link', { name: 'I have a code and no password yet' }).click()
  await page.getByLabel('User name').fill(name)
  await page.getByLabel('Code').fill(code as string)
  await page.getByLabel('New password').fill('password1')
  await page.getByRole('button', { name: 'Set the password' }).click()
  await expect(page.getByLabel('New password')).toHaveAccessibleDescription(/This is one of the most common passwords/)
  await expect(page.getByLabel('New password')).toBeFocused()

  await page.getByLabel('New password').fill(CHOSEN)
  await page.getByRole('button', { name: 'Set the password' }).click()
  await expect(page).toHaveURL('/sign-in')
  await expect(page.getByText('Your password is set.')).toBeVisible()
  await signIn(page, name, CHOSEN)

  const again = await asVisitor()
  await again.goto('/activate')
  await again.getByLabel('User name').fill(name)
  await again.getByLabel('Code').fill(code as string)
  await again.getByLabel('New password').fill(CHOSEN)
  await again.getByRole('button', { name: 'Set the password' }).click()
  await expect(again.getByRole('alert')).toContainText('the code is no longer valid')
})

test('a new password ends every other sign-in, and the present one goes on', async ({ asVisitor, office }) => {
  const name = `z.own-${office.mark}`
  await office.post('/accounts', { username: name, name: 'Zenon Own', password: CHOSEN, roles: ['registrar'] }, 'admin')
  const [page, other] = [await asVisitor(), await asVisitor()]
  await signIn(page, name, CHOSEN)
  await signIn(other, name, CHOSEN)
  await page.getByRole('link', { name: 'Zenon Own: my account' }).click()
  await expect(page.getByRole('rowheader', { name: 'A browser' })).toHaveCount(2)

  await page.getByLabel('Present password').fill('another one')
  await page.getByLabel('New password').fill('five gray herons at dawn')
  await page.getByRole('button', { name: 'Change the password' }).click()
  await expect(page.getByLabel('Present password')).toHaveAccessibleDescription('The present password is wrong.')
  await expect(page.getByLabel('Present password')).toBeFocused()

  await page.getByLabel('Present password').fill(CHOSEN)
  await page.getByRole('button', { name: 'Change the password' }).click()
  await expect(page.getByText('Your password is changed')).toBeVisible()
  await expect(page.getByLabel('New password')).toHaveValue('')
  await expect(page.getByRole('rowheader', { name: 'A browser' })).toHaveCount(1)
  await page.getByRole('link', { name: 'Students' }).first().click()
  await expect(page.getByRole('heading', { level: 1, name: 'Students' })).toBeVisible()
  await other.getByRole('link', { name: 'Students' }).first().click()
  await expect(other.getByRole('heading', { name: 'Sign in' })).toBeVisible()
})

test('sign-ins are ended one by one, and all others at once', async ({ asStudent, office }) => {
  const { number } = await office.student()
  const [page, second, third] = [await asStudent(number), await asStudent(number), await asStudent(number)]
  await page.goto('/account')
  const rows = page.getByRole('rowheader')
  await expect(rows).toHaveCount(3)
  await expect(page.getByText('This one')).toHaveCount(1)

  await page.getByRole('button', { name: /^End the sign-in of/ }).first().click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'End' }).click()
  await expect(page.getByText('That sign-in has ended.')).toBeVisible()
  await expect(rows).toHaveCount(2)

  await page.getByRole('button', { name: 'End all others' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'End all others' }).click()
  await expect(page.getByText('All other sign-ins have ended.')).toBeVisible()
  await expect(rows).toHaveCount(1)
  await expect(page.getByRole('button', { name: 'End all others' })).toBeHidden()
  for (const ended of [second, third]) {
    await ended.goto('/account')
    await expect(ended.getByRole('heading', { name: 'Sign in' })).toBeVisible()
  }
})

test('who has no password here is told so', async ({ asStudent, office }) => {
  const { number } = await office.student()
  const page = await asStudent(number, { language: 'pl' })
  await page.goto('/account')

  await page.getByLabel('Obecne hasło').fill('demo')
  await page.getByLabel('Nowe hasło').fill(CHOSEN)
  await page.getByRole('button', { name: 'Zmień hasło' }).click()

  await expect(page.getByRole('alert')).toContainText('Nie masz tu hasła, które można zmienić.')
})
