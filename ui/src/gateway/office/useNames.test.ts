import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { effectScope, ref } from 'vue'
import { useNames } from './useNames'

const id = (number: number) => `01980a3e-5d3c-7a31-8a44-${String(number).padStart(12, '0')}`

describe('names', () => {
  it('are asked for once, however often an id comes, and what is no id is not asked about', async () => {
    const asked: string[][] = []
    const wanted = ref([id(1), 'command-line', id(1)])
    const names = effectScope().run(() => useNames(() => wanted.value, (ids) => {
      asked.push(ids)
      return Promise.resolve(ids.map(one => ({ id: one, name: `N${one.slice(-1)}` })))
    }))
    await flushPromises()
    wanted.value = [id(1), id(2)]
    await flushPromises()

    expect(asked).toEqual([[id(1)], [id(2)]])
    expect([...names?.values() ?? []].map(one => one.name)).toEqual(['N1', 'N2'])
  })

  it('are asked for as many at once as the API takes, and again after a failure', async () => {
    const asked: number[] = []
    const wanted = ref(Array.from({ length: 201 }, (_, number) => id(number)))
    const names = effectScope().run(() => useNames(() => wanted.value, (ids) => {
      asked.push(ids.length)
      return asked.length === 2 ? Promise.reject(new Error('away')) : Promise.resolve(ids.map(one => ({ id: one })))
    }))
    await flushPromises()
    expect(names?.size).toBe(200)
    wanted.value = [...wanted.value]
    await flushPromises()

    expect(asked).toEqual([200, 1, 1])
    expect(names?.size).toBe(201)
  })
})
