/** Searching and ordering a roster: pure. */
import type { RosterRowOut } from '@/api/schema'

export const ORDERS = ['name', 'number', 'program', 'created'] as const
export type Order = (typeof ORDERS)[number]

/** A text without case and diacritics, so that `zolc` finds `Żółć`. */
export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('ł', 'l').replaceAll('Ł', 'L').toLowerCase()
}

/** The rows in which every word is found: names, number, e-mail address, program. */
export function searched(rows: readonly RosterRowOut[], words: string): RosterRowOut[] {
  const wanted = folded(words).split(/\s+/).filter(Boolean)
  return rows.filter((row) => {
    const text = folded([row.family_name, row.given_name, row.number, row.email, row.program].filter(Boolean).join(' '))
    return wanted.every(word => text.includes(word))
  })
}

/** The rows in an order; of equals the name decides. */
export function ordered(rows: readonly RosterRowOut[], order: Order, locale: string): RosterRowOut[] {
  const collator = new Intl.Collator(locale, { numeric: true })
  const names = (row: RosterRowOut) => `${row.family_name ?? ''} ${row.given_name ?? ''}`
  const keys: Record<Order, (row: RosterRowOut) => string> = {
    name: names,
    number: row => row.number ?? '',
    program: row => `${row.program ?? ''} ${row.stage ?? ''}`,
    created: row => row.created_at,
  }
  return rows.toSorted((a, b) => collator.compare(keys[order](a), keys[order](b)) || collator.compare(names(a), names(b)))
}
