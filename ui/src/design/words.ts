/** Words with commas between, as people type lists: without blanks, empty ones and repetitions. */
export function wordsOf(text: string): string[] {
  return [...new Set(text.split(',').map(word => word.trim()).filter(Boolean))]
}

/** What a text field holds, or null when it is empty. */
export function textOrNull(text: string): string | null {
  return text.trim() || null
}

/** What a number field holds; Vue leaves an empty text where nothing is typed. */
export function numberOrNull(value: string | number | null): number | null {
  return value === '' || value === null ? null : Number(value)
}

/** What a field holds, as a person reads it. */
export function saidOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ')
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' ? value.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)$/, '$1 $2') : ''
}
