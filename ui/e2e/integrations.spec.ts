/** The admin lets another system in, changes its secret, and shuts it out. */
import { axe, expect, test } from './harness/test'

test('a system gets a secret, gets in by it, is disabled, and is deleted', async ({ enter, office, url }) => {
  const name = `Boards ${office.mark}`
  const page = await enter('admin')
  await page.goto('/')
  await page.getByRole('link', { name: /^Integrations/ }).click()
  await page.getByRole('button', { name: 'New integration' }).click()
  const making = page.getByRole('dialog')
  await making.getByLabel('Name').fill(name)
  await making.getByRole('button', { name: 'Save' }).click()
  await expect(making.getByLabel('read the catalog')).toHaveAttribute('aria-invalid', 'true')
  await making.getByLabel('read the catalog').check()
  await making.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('row', { name: new RegExp(`${name} read the catalog.* never Gets tokens`) })).toBeVisible()

  await page.getByRole('button', { name: `Secrets of ${name}` }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('There is no secret')).toBeVisible()
  await dialog.getByRole('button', { name: 'New secret' }).click()
  await expect(dialog.getByLabel('Where it will be kept')).toBeFocused()
  await dialog.getByLabel('Where it will be kept').fill('hall, autumn')
  await dialog.getByLabel('Good until').fill('2020-01-01')
  await dialog.getByRole('button', { name: 'Make it' }).click()
  await expect(dialog.getByLabel('Good until')).toHaveAttribute('aria-invalid', 'true')
  await dialog.getByLabel('Good until').fill('')
  await dialog.getByRole('button', { name: 'Make it' }).click()
  const client_secret = await dialog.getByLabel('Secret (client_secret)').inputValue()
  await axe(page)
  const client_id = await dialog.getByRole('code').innerText()
  const enters = async () => (await fetch(`${url}/api/v1/auth/client-token`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ client_id, client_secret }) })).status
  expect(await enters()).toBe(200)
  await dialog.getByRole('button', { name: 'Done' }).click()
  await expect(dialog.getByLabel('Secret (client_secret)')).toBeHidden()
  await dialog.getByRole('button', { name: 'Close' }).click()

  await page.getByRole('button', { name: `Disable ${name}` }).click()
  await expect(page.getByText(`${name} is disabled`)).toBeVisible()
  expect(await enters()).toBe(401)
  await page.getByRole('button', { name: `Enable ${name}` }).click()
  await expect(page.getByText(`${name} gets tokens again.`)).toBeVisible()
  expect(await enters()).toBe(200)

  await page.getByRole('button', { name: `Secrets of ${name}` }).click()
  await dialog.getByRole('button', { name: 'Delete the secret hall, autumn' }).click()
  await expect(dialog.getByRole('button', { name: 'Keep it' })).toBeFocused()
  await dialog.getByRole('button', { name: 'Delete the secret', exact: true }).click()
  await expect(dialog.getByText('There is no secret')).toBeVisible()
  expect(await enters()).toBe(401)
  await dialog.getByRole('button', { name: 'Close' }).click()

  await page.getByRole('button', { name: `Delete ${name}` }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByText(`The integration ${name} is deleted.`)).toBeVisible()
})

test('a name that is taken is refused, and what a system may do is changed', async ({ enter, office }) => {
  const [name, other] = [`Scanner ${office.mark}`, `Printer ${office.mark}`]
  for (const one of [name, other]) await office.post('/integrations', { name: one, scopes: ['course:read'] }, 'admin')
  const page = await enter('admin', { language: 'pl', device: 'phone' })
  await page.goto('/office/integrations')
  await page.getByRole('button', { name: `Zmień ${name}` }).click()
  const dialog = page.getByRole('dialog')

  await dialog.getByLabel('Nazwa').fill(other)
  await dialog.getByRole('button', { name: 'Zapisz' }).click()
  await expect(dialog.getByRole('alert')).toContainText('Ta nazwa jest zajęta.')

  await dialog.getByLabel('Nazwa').fill(name)
  await dialog.getByLabel('czytać dane studentów').check()
  await dialog.getByRole('button', { name: 'Zapisz' }).click()
  await expect(page.getByText(`Zapisano integrację ${name}.`)).toBeVisible()
})

test('integrations are nobody’s but the admin’s', async ({ asRegistrar }) => {
  const page = await asRegistrar()
  await page.goto('/office/integrations')

  await expect(page.getByRole('heading', { name: 'This page is not for your account' })).toBeVisible()
})
