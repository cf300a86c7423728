import { computed, reactive, ref, shallowRef, toRaw, type Ref } from 'vue'
import type { Read } from './client'
import { isRefusal } from './problem'

interface Record<Data, Form, Body> {
  /** What the form begins with. */
  formOf: (data: Data) => Form
  /** What the API is to be told. */
  bodyOf: (form: Form) => Body
  read: () => Promise<Read<Data>>
  /** Change what is named, if the record is still the one of this `ETag`. */
  write: (changes: Partial<Body>, etag: string) => Promise<Read<Data>>
}

/** A field of the form that somebody else has changed: what it is now, and what was typed over it, if anything. */
export interface Moved { key: string, now: unknown, mine?: unknown }

/**
 * Edits a record. Only what was changed is sent, and only over the version that was read. When somebody else was
 * faster, the form keeps what was typed, fields that were not touched follow, `theirs` is what is there now, and
 * `moved` what of the form is different. A record that is yet to be made begins with an empty `etag`.
 */
export function useEditing<Data, Form extends object, Body extends object>(start: Read<Data>, record: Record<Data, Form, Body>) {
  const form = reactive(record.formOf(start.data)) as Form
  const base = ref(start) as Ref<Read<Data>>
  const theirs = ref(null) as Ref<Read<Data> | null>
  const state = ref<'idle' | 'loading' | 'done' | 'error'>('idle')
  const error = shallowRef<unknown>(null)
  const moved = shallowRef<Moved[]>([])
  const typed = computed(() => difference(record.formOf(base.value.data), form))
  const dirty = computed(() => Object.keys(typed.value).length > 0)

  /** Save; returns the record as it is then, or null when it was refused. */
  async function save(): Promise<Read<Data> | null> {
    if (state.value === 'loading') return null
    state.value = 'loading'
    try {
      const changes = difference(record.bodyOf(record.formOf(base.value.data)), record.bodyOf(toRaw(form)))
      const written = await record.write(changes, base.value.etag)
      begin(written)
      state.value = 'done'
      return written
    } catch (problem) {
      if (isRefusal(problem, 'stale-version')) {
        theirs.value = await record.read().catch(() => null)
        if (theirs.value) merge(theirs.value)
      }
      error.value = problem
      state.value = 'error'
      return null
    }
  }

  function begin(from: Read<Data>) {
    base.value = from
    theirs.value = null
    error.value = null
    moved.value = []
    Object.assign(form, record.formOf(from.data))
  }

  /** Let what was not touched here be as it is now: saving must not bring back what somebody else has changed. */
  function merge(from: Read<Data>) {
    const mine = typed.value
    const now = record.formOf(from.data)
    const news = difference(record.formOf(base.value.data), now)
    moved.value = Object.entries(news).map(([key, value]) => key in mine ? { key, now: value, mine: mine[key as keyof Form] } : { key, now: value })
    Object.assign(form, now, mine)
  }

  /** Rest on a newer version that was learned of without being refused; what was typed stays. */
  function follow(from: Read<Data>) {
    merge(from)
    base.value = from
  }

  /** Give up what was typed. */
  function undo() {
    begin(theirs.value ?? base.value)
    state.value = 'idle'
  }

  /** Give up what was typed for what is there now. */
  function takeTheirs() {
    if (!theirs.value) return
    begin(theirs.value)
    state.value = 'idle'
  }

  /** Save what was typed over what is there now. */
  async function keepMine(): Promise<Read<Data> | null> {
    if (!theirs.value) return null
    base.value = theirs.value
    theirs.value = null
    return save()
  }

  return { form, base, state, error, theirs, moved, dirty, save, follow, undo, takeTheirs, keepMine }
}

/** What of `after` differs from `before`. */
export function difference<Body extends object>(before: Body, after: Body): Partial<Body> {
  const changed = Object.entries(after).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof Body]))
  return Object.fromEntries(changed) as Partial<Body>
}
