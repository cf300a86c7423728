import { afterEach, expect, test, vi } from 'vitest'
import { createMemoryHistory, createRouter, type Router } from 'vue-router'
import { openAnewWhatIsGone } from './newerPages'

const page = { template: '<p />' }
const gone = () => Promise.reject(new TypeError('Failed to fetch dynamically imported module'))

function visit(): { router: Router, opened: string[] } {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/', component: page }, { path: '/plan', component: gone }],
  })
  const opened: string[] = []
  openAnewWhatIsGone(router, address => opened.push(address))
  return { router, opened }
}

function answering(answer: Promise<Response>): void {
  vi.stubGlobal('fetch', () => answer)
}

afterEach(() => {
  vi.unstubAllGlobals()
})

test('a page whose files a release has replaced is opened anew', async () => {
  answering(Promise.resolve(new Response()))
  const { router, opened } = visit()
  await router.push('/')

  await router.push('/plan?week=2').catch(() => undefined)

  await vi.waitFor(() => { expect(opened).toEqual(['/plan?week=2']) })
})

test('the first page of a visit is not opened again and again', async () => {
  answering(Promise.resolve(new Response()))
  const { router, opened } = visit()

  await router.push('/plan').catch(() => undefined)
  await new Promise(wait => setTimeout(wait, 20))

  expect(opened).toEqual([])
})

test('while nobody answers, the page that is there stays', async () => {
  answering(Promise.reject(new TypeError('Failed to fetch')))
  const { router, opened } = visit()
  await router.push('/')

  await router.push('/plan').catch(() => undefined)
  await new Promise(wait => setTimeout(wait, 20))

  expect(opened).toEqual([])
})
