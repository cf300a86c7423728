import { expect, it } from 'vitest'
import { Refused, Unreachable } from './problem'
import { useWait } from './useWait'

const refusal = (status: number, retryAfter: number | null) => new Refused({ type: 'about:blank', title: 'no', status, code: 'no' }, retryAfter)

it.each([
  [429, 8, true],
  [503, 1, true],
  [503, null, false],
  [401, 8, false],
])('a refusal with %i that names %s seconds makes one wait: %s', (status, seconds, waits) => {
  const wait = useWait()

  wait.heed(refusal(status, seconds))

  expect(wait.waits.value).toBe(waits)
})

it('the wait is as long as was asked, and ends when it is over or something else went wrong', () => {
  const wait = useWait()
  const before = Date.now()
  wait.heed(refusal(429, 60))
  const left = Date.parse(wait.until.value ?? '') - before
  expect(left).toBeGreaterThanOrEqual(60_000)

  wait.over()
  expect(wait.waits.value).toBe(false)
  wait.heed(refusal(429, 60))
  wait.heed(new Unreachable(null))
  expect(wait.waits.value).toBe(false)
})
