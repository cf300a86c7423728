/** Every guard of the other tests notices what it is for: each meets a page that has just that fault. */
import { Guard } from './harness/guard'
import { walked } from './harness/keyboard'
import { axe, expect, fits, test, type Page } from './harness/test'

const PLAIN = '<html lang="en"><title>Made up</title><main><h1>Made up</h1>'

async function made(page: Page, body: string): Promise<void> {
  await page.setContent(PLAIN + body)
}

test('the guard notices errors, exceptions and what the policy forbids', async ({ browser, url }) => {
  const guard = new Guard(new Set([url]))
  const context = await browser.newContext({ baseURL: url })
  await guard.watch(context)
  const page = await context.newPage()
  await page.goto('/')
  await page.evaluate(() => {
    // eslint-disable-next-line no-console -- this is the fault
    console.error('told on the console')
    setTimeout(() => { throw new Error('thrown') })
    const script = document.createElement('script')
    script.textContent = 'window.told = true'
    document.body.append(script)
  })

  for (const fault of [/told on the console/, /exception: .*thrown/, /CSP: script-src/]) {
    await expect.poll(() => guard.faults.some(noticed => fault.test(noticed)), { message: String(fault) }).toBe(true)
  }
  await context.close()
})

test('the guard notices a request that leaves the origin', async ({ browser, url }) => {
  const guard = new Guard(new Set([url]))
  const context = await browser.newContext()
  await guard.watch(context)
  const page = await context.newPage()
  await made(page, '<img alt="" src="http://elsewhere.invalid/counted.png">')

  await expect.poll(() => guard.faults.some(fault => fault.startsWith('request to http://elsewhere'))).toBe(true)
  await context.close()
})

test('a refusal of the API is no fault, and one that is expected passes', async ({ browser, url }) => {
  const guard = new Guard(new Set([url]))
  const context = await browser.newContext({ baseURL: url })
  await guard.watch(context)
  const page = await context.newPage()
  await page.goto('/')
  await page.evaluate(() => fetch('/api/v1/students/me'))
  await page.evaluate(() => fetch('/api/v1/no-such-thing'))

  await expect.poll(() => guard.faults).toHaveLength(1)
  guard.expects(/no-such-thing/)
  expect(guard.faults).toEqual([])
  await context.close()
})

test('what hangs out of the smallest phone is noticed', async ({ asVisitor }) => {
  const page = await asVisitor()
  await made(page, '<table><tr><td style="min-width: 400px">wide</table>')

  await expect(fits(page)).rejects.toThrow(/wider than 320 pixels/)
})

test('a button too small for a finger is noticed', async ({ asVisitor }) => {
  const page = await asVisitor()
  await made(page, '<meta name="viewport" content="width=device-width"><button style="height: 24px">small</button>')

  await expect(fits(page)).rejects.toThrow(/smaller than a finger/)
})

test('a barrier is noticed', async ({ asVisitor }) => {
  const page = await asVisitor()
  await made(page, '<p style="color: #aaa; background: #fff">pale</p>')

  await expect(axe(page)).rejects.toThrow(/color-contrast/)
})

test('what Tab never reaches, nobody sees focused, or lies under something is noticed', async ({ asVisitor }) => {
  const page = await asVisitor()
  await made(page, `
    <button id="first">first</button>
    <button style="outline: none" id="unseen">unseen</button>
    <button id="covered">covered</button>
    <div style="position: fixed; inset: 0; top: 3rem; z-index: 9; background: #fff"></div>
    <button id="caught">caught</button><button id="missed">missed</button>`)
  await page.evaluate(() => {
    document.querySelector('#caught')?.addEventListener('keydown', event => { event.preventDefault() })
  })

  const walk = await walked(page)

  expect(walk.left).toBe(false)
  expect(walk.missed.join()).toContain('id="missed"')
  expect(walk.unseen.join()).toContain('id="unseen"')
  expect(walk.covered.join()).toContain('id="covered"')
})
