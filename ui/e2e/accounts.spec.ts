/** The admin lets somebody in, and out again. */
import { axe, expect, test, type Page } from './harness/test'

async function signIn(page: Page, name: string, password: string): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel('User name').fill(name)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

test('an account is made that can sign in, is signed out, and is deleted', async ({ enter, asVisitor, office }) => {
  const name = `j.nowak-${office.mark}`
  const page = await enter('admin')
  await page.goto('/office/accounts')
  await page.getByRole('button', { name: 'New account' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('User name').fill(name)
  await dialog.getByLabel('Name', { exact: false }).nth(1).fill('Jan Nowak')
  await dialog.getByLabel('Password').fill('short')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(dialog.getByLabel('Password')).toHaveAccessibleDescription(/Length must be between 8 and 200/)
  await expect(dialog.getByText('Length must be between 1 and 4.')).toBeVisible()
  await axe(page)

  await dialog.getByLabel('Password').fill('a long sentence')
  await dialog.getByLabel('Registrar').check()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('row', { name: new RegExp(`${name} Jan Nowak Registrar May sign in`) })).toBeVisible()

  const theirs = await asVisitor()
  await signIn(theirs, name, 'a long sentence')
  await expect(theirs.getByRole('navigation').getByRole('link', { name: 'Students' })).toBeVisible()

  await page.getByLabel('Search').fill(name)
  await page.getByRole('button', { name: `End the sessions of ${name}` }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'End sessions' }).click()
  await expect(page.getByText(`All sessions of ${name} have ended.`)).toBeVisible()
  await theirs.getByRole('navigation').getByRole('link', { name: 'Students' }).click()
  await expect(theirs.getByRole('heading', { name: 'Sign in' })).toBeVisible()

  await page.getByRole('button', { name: `Delete ${name}` }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByText('No account fits')).toBeVisible()
  await signIn(theirs, name, 'a long sentence')
  await expect(theirs.getByRole('alert')).toBeVisible()
})

test('accounts are nobody’s but the admin’s', async ({ asRegistrar }) => {
  const page = await asRegistrar()
  await page.goto('/office/accounts')

  await expect(page.getByRole('heading', { name: 'This page is not for your account' })).toBeVisible()
})
