import { expect, it } from 'vitest'
import { useSending } from './useSending'

it('does not send again while it is under way', async () => {
  const keys: string[] = []
  const { submit, busy } = useSending((key) => {
    keys.push(key)
    return Promise.resolve('done')
  })

  const answers = await Promise.all([submit(), submit()])

  expect([answers, keys.length, busy.value]).toEqual([['done', null], 1, false])
})

it('keeps the refusal until the next try ends well, each under a key of its own', async () => {
  const keys: string[] = []
  const { submit, state, error } = useSending((key, good: boolean) => {
    keys.push(key)
    return good ? Promise.resolve(1) : Promise.reject(new Error('no'))
  })

  await submit(false)
  expect([state.value, (error.value as Error).message]).toEqual(['error', 'no'])

  await submit(true)
  expect([state.value, error.value, new Set(keys).size]).toEqual(['done', null, 2])
})
