import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { sendPersistently, trouble } from './persistence'
import { Unreachable } from './problem'

const address = 'http://university.test/api/v1/enrollments'
const change = () => new Request(address, { method: 'POST', body: '{}', headers: { 'Idempotency-Key': 'one' } })
const answers = (...outcomes: (Response | Error)[]) => {
  const sent: Request[] = []
  const send = (request: Request) => {
    sent.push(request)
    const outcome = outcomes.shift() ?? new Error('nothing left to answer')
    return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome)
  }
  return { sent, send }
}

describe('sendPersistently', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => {
    vi.useRealTimers()
    trouble.value = null
  })

  it('sends a change with a key again, with the same key, until it is answered', async () => {
    const { sent, send } = answers(new TypeError('cut'), new Response(null, { status: 503 }), new Response('{}', { status: 201 }))
    const answer = sendPersistently(change(), send)
    await vi.advanceTimersByTimeAsync(600)
    expect(trouble.value).toBe('busy')
    await vi.advanceTimersByTimeAsync(5000)
    expect((await answer).status).toBe(201)
    expect(sent.map(request => request.headers.get('Idempotency-Key'))).toEqual(['one', 'one', 'one'])
    expect(trouble.value).toBeNull()
  })

  it('never sends a change without a key twice', async () => {
    const { sent, send } = answers(new TypeError('cut'), new Response('{}'))
    await expect(sendPersistently(new Request(address, { method: 'POST', body: '{}' }), send)).rejects.toBeInstanceOf(Unreachable)
    expect(sent).toHaveLength(1)
  })

  it('sends a search again, since it changes nothing', async () => {
    const { sent, send } = answers(new Response(null, { status: 503, headers: { 'Retry-After': '1' } }), new Response('{"items":[]}'))
    const answer = sendPersistently(new Request('http://university.test/api/v1/students/search', { method: 'POST', body: '{"q":"zolc"}' }), send)
    await vi.advanceTimersByTimeAsync(2000)
    expect(await (await answer).json()).toEqual({ items: [] })
    expect(sent).toHaveLength(2)
  })

  it('waits as long as the server asks', async () => {
    const { sent, send } = answers(new Response(null, { status: 503, headers: { 'Retry-After': '7' } }), new Response('{}'))
    const answer = sendPersistently(change(), send)
    await vi.advanceTimersByTimeAsync(6900)
    expect(sent).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(200)
    expect((await answer).status).toBe(200)
  })

  it('asks at once when the network is back', async () => {
    const { sent, send } = answers(new TypeError('away'), new Response('{}'))
    const answer = sendPersistently(change(), send)
    await vi.advanceTimersByTimeAsync(10)
    expect(trouble.value).toBe('network')
    window.dispatchEvent(new Event('online'))
    await answer
    expect(sent).toHaveLength(2)
  })

  it('gives up after two minutes and tells that no answer came', async () => {
    const send = () => Promise.reject(new TypeError('away'))
    const answer = expect(sendPersistently(change(), send)).rejects.toBeInstanceOf(Unreachable)
    await vi.advanceTimersByTimeAsync(140_000)
    await answer
  })

  it('passes a refusal on at once', async () => {
    const { sent, send } = answers(new Response('{}', { status: 422 }))
    expect((await sendPersistently(change(), send)).status).toBe(422)
    expect(sent).toHaveLength(1)
  })
})
