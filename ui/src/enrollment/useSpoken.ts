import { useFormat } from '@/design/useFormat'

const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)/g
const DAY = /\b\d{4}-\d\d-\d\d\b/g

/** Says the API's sentences with instants and days as people read them, in the university's time zone. */
export function useSpoken() {
  const format = useFormat()
  return { spoken: (sentence: string) => sentence.replace(INSTANT, moment => format.instant(moment)).replace(DAY, day => format.date(day)) }
}
