import { useI18n } from 'vue-i18n'
import type { ReservedOut, RestrictionOut } from '@/api/schema'
import { useFormat } from '@/design/useFormat'
import { useWords } from './useWords'

type Audience = Partial<Pick<RestrictionOut, 'program' | 'stage' | 'level' | 'group'>>

/** Says whom seats are kept for, and who may come at all. */
export function useAudience() {
  const { t } = useI18n()
  const format = useFormat()
  const words = useWords()

  /** Whoever meets all of the facts; of each fact, any of its values will do. */
  function people({ program = [], stage = [], level = [], group = [] }: Audience): string {
    return [
      program.length > 0 && t('course.audience.program', { names: format.either(program) }, program.length),
      stage.length > 0 && t('course.audience.stage', { names: format.either(stage.map(String)) }, stage.length),
      level.length > 0 && t('course.audience.level', { names: format.either(level.map(words.level)) }),
      group.length > 0 && t('course.audience.group', { names: format.either(group) }, group.length),
    ].filter(text => text !== false).join(', ')
  }

  function reserved(pool: ReservedOut): string {
    const kept = t('course.seats.reserved', { count: pool.seats, people: people(pool) }, pool.seats)
    return pool.until ? t('course.seats.reserved_until', { kept, until: format.instant(pool.until) }) : kept
  }

  function restriction(rule: RestrictionOut): string[] {
    const only = people(rule)
    return [
      ...(only ? [t('course.audience.only', { people: only })] : []),
      ...(rule.consent ? [t(`course.audience.consent.${rule.consent}`)] : []),
    ]
  }

  return { reserved, restriction }
}
