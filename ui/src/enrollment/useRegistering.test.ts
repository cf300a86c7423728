import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createRegistering } from './useRegistering'

const request = { student_id: 'me', term_id: '2026L', mode: 'all_or_nothing' as const, dry_run: false, items: [{ action: 'add' as const, section_ids: ['a'] }] }
const wish = { plan: 'plan', request, full: [] }
const accepted = { id: 'one', outcome: 'accepted', items: [{ action: 'add', outcome: 'accepted', enrollment: null, violations: [] }] }
const done = () => Promise.resolve()
let keys: string[] = []
let answers: (() => Promise<Response>)[] = []

const answered = (status: number, told: object) => () => Promise.resolve(new Response(JSON.stringify(told), { status, headers: { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json' } }))
const refused = (status: number, code: string) => answered(status, { type: 'about:blank', title: code, status, code })

beforeEach(() => {
  keys = []
  answers = []
  localStorage.clear()
  vi.stubGlobal('fetch', (asked: Request) => {
    keys.push(asked.headers.get('Idempotency-Key') ?? '')
    return (answers.shift() ?? answered(200, accepted))()
  })
})
afterEach(() => vi.unstubAllGlobals())

test('a request is asked once, told, and forgotten', async () => {
  const registering = createRegistering('me')

  await registering.register(wish, done)

  expect(registering.state.value).toBe('done')
  expect(registering.answered.value?.answer.outcome).toBe('accepted')
  expect(localStorage.length).toBe(0)
})

test('a second click while the first is asked does nothing', async () => {
  const registering = createRegistering('me')

  await Promise.all([registering.register(wish, done), registering.register(wish, done)])

  expect(keys).toHaveLength(1)
})

test('after a crash in the middle the same request is asked again by the same key', async () => {
  answers = [() => new Promise(() => undefined)]
  void createRegistering('me').register(wish, done)
  await vi.waitFor(() => expect(keys).toHaveLength(1))

  const after = createRegistering('me')
  await after.resume(done)

  expect(new Set(keys).size).toBe(1)
  expect(keys).toHaveLength(2)
  expect(after.answered.value?.plan).toBe('plan')
})

test('an answer counts only once what follows from it is done', async () => {
  await createRegistering('me').register(wish, () => Promise.reject(new Error('The plan could not be saved.')))

  const after = createRegistering('me')
  expect(after.waits.value).toBe(true)
  await after.resume(done)

  expect(after.state.value).toBe('done')
  expect(new Set(keys).size).toBe(1)
})

test('while a twin is being worked on, its answer is waited for', async () => {
  answers = [refused(409, 'idempotency-key-busy')]
  const registering = createRegistering('me', 1)

  await registering.register(wish, done)

  expect(registering.state.value).toBe('done')
  expect(new Set(keys).size).toBe(1)
})

test('a refusal that says nothing was done ends the request; the next one has a key of its own', async () => {
  answers = [refused(422, 'validation-failed')]
  const registering = createRegistering('me')

  await registering.register(wish, done)
  expect(registering.state.value).toBe('error')
  await registering.register(wish, done)

  expect(new Set(keys).size).toBe(2)
})

test('a fault of the server leaves open what was done: the same request is asked again', async () => {
  answers = [refused(500, 'internal-error')]
  const registering = createRegistering('me')

  await registering.register(wish, done)
  registering.clear()
  expect(registering.state.value).toBe('error')
  await registering.register({ ...wish, plan: 'another' }, done)

  expect(new Set(keys).size).toBe(1)
  expect(registering.answered.value?.plan).toBe('plan')
})

test('what one student has asked is not asked again for another', async () => {
  answers = [refused(500, 'internal-error')]
  await createRegistering('me').register(wish, done)

  expect(createRegistering('other').waits.value).toBe(false)
})
