import { describe, expect, it } from 'vitest'
import type { Read } from './client'
import { Refused } from './problem'
import { useEditing } from './useEditing'

interface Person { name: string, stage: number | null }

/** A record behind versions, as the API keeps it. */
function kept(data: Person) {
  let version = 1
  const now = (): Read<Person> => ({ data: { ...data }, etag: `"v${version}"` })
  const sent: Partial<Person>[] = []
  function write(changes: Partial<Person>, etag: string): Promise<Read<Person>> {
    if (etag !== now().etag) return Promise.reject(new Refused({ type: '', title: 'Stale', status: 412, code: 'stale-version' }))
    sent.push(changes)
    Object.assign(data, changes)
    version += 1
    return Promise.resolve(now())
  }
  return { now, sent, write, record: { formOf: (one: Person) => ({ ...one }), bodyOf: (form: Person) => form, read: () => Promise.resolve(now()), write } }
}

describe('editing a record', () => {
  it('sends only what was changed', async () => {
    const { now, sent, record } = kept({ name: 'Ada', stage: 1 })
    const { form, save } = useEditing(now(), record)

    form.stage = 2
    await save()
    form.name = 'Ewa'
    await save()

    expect(sent).toEqual([{ stage: 2 }, { name: 'Ewa' }])
  })

  it('keeps what was typed when somebody else was faster, and saves it only when told to', async () => {
    const { now, write, record } = kept({ name: 'Ada', stage: 1 })
    const { form, state, theirs, save, keepMine } = useEditing(now(), record)
    await write({ name: 'Ola', stage: 3 }, '"v1"')

    form.name = 'Ewa'
    await save()

    expect([state.value, form.name, theirs.value?.data.name]).toEqual(['error', 'Ewa', 'Ola'])
    expect(now().data.name).toBe('Ola')

    await keepMine()
    expect([state.value, now().data.name]).toEqual(['done', 'Ewa'])
  })

  it('leaves alone what somebody else changed and nobody touched here', async () => {
    const { now, write, record } = kept({ name: 'Ada', stage: 1 })
    const { form, moved, dirty, save, keepMine } = useEditing(now(), record)
    await write({ name: 'Ola', stage: 3 }, '"v1"')
    form.name = 'Ewa'
    await save()

    expect(moved.value).toEqual([{ key: 'name', now: 'Ola', mine: 'Ewa' }, { key: 'stage', now: 3 }])
    expect([form.stage, dirty.value]).toEqual([3, true])
    await keepMine()
    expect(now().data).toEqual({ name: 'Ewa', stage: 3 })
    expect([dirty.value, moved.value]).toEqual([false, []])
  })

  it('takes what is there now instead of what was typed', async () => {
    const { now, write, record } = kept({ name: 'Ada', stage: 1 })
    const { form, theirs, save, takeTheirs } = useEditing(now(), record)
    await write({ stage: 3 }, '"v1"')
    form.stage = null
    await save()

    takeTheirs()

    expect([form.stage, theirs.value]).toEqual([3, null])
  })
})
