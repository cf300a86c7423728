import { expect, test } from 'vitest'
import { Refused } from '@/api/problem'
import { useEditing } from './useEditing'

interface Fact { title: string, ects: number, days: string[] }

const READ = { data: { title: 'Analysis', ects: 5, days: ['mon'] }, etag: '"v1"' }

function editing(server: { present: { data: Fact, etag: string } }) {
  const sent: Partial<Fact>[] = []
  const form = useEditing<Fact, Fact>({
    draftOf: fact => ({ title: fact?.title ?? '', ects: fact?.ects ?? 0, days: [...(fact?.days ?? [])] }),
    read: () => Promise.resolve(server.present),
    save: (change, _draft, etag) => {
      sent.push(change)
      if (etag !== server.present.etag) return Promise.reject(new Refused({ type: 'x', title: 'Stale', status: 412, code: 'stale-version' }))
      server.present = { data: { ...server.present.data, ...change }, etag: '"v9"' }
      return Promise.resolve(server.present)
    },
  })
  form.take(READ)
  return { form, sent }
}

test('only what differs is sent', async () => {
  const { form, sent } = editing({ present: READ })
  form.draft.value.days.push('tue')

  expect(form.dirty.value).toBe(true)
  expect(await form.save()).toBe(true)
  expect(sent).toEqual([{ days: ['mon', 'tue'] }])
  expect([form.dirty.value, form.state.value, form.etag.value]).toEqual([false, 'done', '"v9"'])
})

test('whoever was slower keeps the input, sees what is there now, and may save over it', async () => {
  const server = { present: { data: { title: 'Calculus', ects: 7, days: ['mon'] }, etag: '"v2"' } }
  const { form } = editing(server)
  form.draft.value.title = 'Mine'

  expect(await form.save()).toBe(false)
  expect(form.draft.value).toEqual({ title: 'Mine', ects: 7, days: ['mon'] })
  expect(form.moved.value).toEqual([{ key: 'title', now: 'Calculus', mine: 'Mine' }, { key: 'ects', now: 7 }])
  expect(await form.save()).toBe(true)
  expect(server.present.data).toEqual({ title: 'Mine', ects: 7, days: ['mon'] })
})

test('giving up brings back what is there now', async () => {
  const { form } = editing({ present: { data: { title: 'Calculus', ects: 7, days: [] }, etag: '"v2"' } })
  form.draft.value.title = 'Mine'
  await form.save()

  form.undo()

  expect(form.draft.value.title).toBe('Calculus')
  expect([form.dirty.value, form.moved.value, form.error.value]).toEqual([false, [], null])
})
