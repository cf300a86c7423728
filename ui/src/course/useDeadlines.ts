import { useI18n } from 'vue-i18n'
import type { OfferingOut, TermOut } from '@/api/schema'
import { useFormat } from '@/design/useFormat'

const DEADLINES = ['add', 'drop', 'withdraw'] as const

/** The last days to add, drop and withdraw: the offering's own, or its term's. */
export function useDeadlines() {
  const { t } = useI18n()
  const format = useFormat()

  function until(offering: OfferingOut, term: TermOut | undefined, name: (typeof DEADLINES)[number]): string {
    const weeks = offering[`${name}_weeks`]
    const day = offering[`${name}_until`]
    if (!day && weeks !== null) return t('course.deadline.weeks', { count: weeks }, weeks)
    const last = day ?? term?.[`${name}_until`]
    return last ? format.date(last) : ''
  }

  return (offering: OfferingOut, term: TermOut | undefined) => DEADLINES
    .map(name => ({ name, label: t(`course.deadline.${name}`), until: until(offering, term, name) }))
    .filter(deadline => deadline.until !== '')
}
