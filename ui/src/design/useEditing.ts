import { computed, ref, shallowRef, toRaw, type ComputedRef, type Ref } from 'vue'
import type { Read } from '@/api/client'
import { isRefusal } from '@/api/problem'

/** What somebody else has changed while it was being edited here: what it is now, and what was written over it. */
export interface Moved { key: string, now: unknown, mine?: unknown }

/**
 * A record while a person changes it.
 *
 * Only what differs from what was read is sent, with the version that was read. When somebody was faster (412) the
 * present record is read: what was not touched here follows it, the person's own input stays, and `moved` tells what
 * is different now; saving again then writes over it knowingly.
 */
export function useEditing<Record, Draft extends object>(how: {
  /** The fields as the form has them; null for a record that does not exist yet. */
  draftOf: (record: Record | null) => Draft
  read: () => Promise<Read<Record>>
  /** Send what changed; without an `etag` the record is new. */
  save: (change: Partial<Draft>, draft: Draft, etag: string | null) => Promise<Read<Record>>
}) {
  const record = shallowRef<Record | null>(null)
  const draft = ref(how.draftOf(null)) as Ref<Draft>
  const base = shallowRef(how.draftOf(null))
  const etag = ref<string | null>(null)
  const state = ref<'idle' | 'loading' | 'done' | 'error'>('idle')
  const error = shallowRef<unknown>(null)
  const moved = shallowRef<Moved[]>([])
  const changed: ComputedRef<(keyof Draft & string)[]> = computed(() => differing<Draft>(draft.value, base.value))
  const dirty = computed(() => changed.value.length > 0)

  /** Begin anew with a record as it was read; without one, with a new record. */
  function take(found: Read<Record> | null): void {
    record.value = found?.data ?? null
    base.value = how.draftOf(record.value)
    draft.value = how.draftOf(record.value)
    etag.value = found?.etag ?? null
    moved.value = []
    error.value = null
    state.value = 'idle'
  }

  /** Rest on a newer record and keep what was written here. */
  function follow(found: Read<Record>): void {
    const now = how.draftOf(found.data)
    const mine = new Set(changed.value)
    const news = differing<Draft>(now, base.value)
    moved.value = news.map(key => mine.has(key) ? { key, now: now[key], mine: draft.value[key] } : { key, now: now[key] })
    const kept = [...mine].map(key => [key, draft.value[key]] as const)
    record.value = found.data
    base.value = how.draftOf(found.data)
    draft.value = Object.assign(how.draftOf(found.data), Object.fromEntries(kept))
    etag.value = found.etag
  }

  /** Save what changed and tell whether it was taken. */
  async function save(): Promise<boolean> {
    if (state.value === 'loading') return false
    state.value = 'loading'
    moved.value = []
    try {
      const wish = Object.fromEntries(changed.value.map(key => [key, toRaw(draft.value[key])])) as Partial<Draft>
      take(await how.save(wish, draft.value, etag.value))
      state.value = 'done'
      return true
    } catch (refused) {
      error.value = refused
      if (isRefusal(refused, 'stale-version')) await how.read().then(follow, () => undefined)
      state.value = 'error'
      return false
    }
  }

  /** Forget what was written here. */
  function undo(): void {
    if (record.value !== null && etag.value !== null) take({ data: record.value, etag: etag.value })
    else take(null)
  }

  return { record, draft, etag, state, error, moved, changed, dirty, take, follow, save, undo }
}

function differing<Draft extends object>(one: Draft, other: Draft): (keyof Draft & string)[] {
  return (Object.keys(one) as (keyof Draft & string)[]).filter(key => JSON.stringify(one[key]) !== JSON.stringify(other[key]))
}
