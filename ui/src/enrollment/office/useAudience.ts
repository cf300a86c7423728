import { useI18n } from 'vue-i18n'
import type { WindowOut } from '@/api/schema'
import { useFormat } from '@/design/useFormat'

export type Audience = Pick<WindowOut, 'program' | 'stage' | 'group' | 'min_ects' | 'max_ects'>

/** Tells in words for whom a window is, such as “students of year 2, of INF, up to 36 credits in the term”. */
export function useAudience() {
  const { t, locale } = useI18n()
  const { number } = useFormat()

  function either(values: readonly (string | number)[]): string {
    return new Intl.ListFormat(locale.value, { type: 'disjunction' }).format(values.map(String))
  }

  function whom({ stage, program, group, min_ects }: Audience): string[] {
    const narrowed = [
      program.length && t('office.audience.programs', { programs: either(program) }),
      group.length && t('office.audience.groups', { groups: either(group) }, group.length),
      min_ects > 0 && t('office.audience.min_ects', { count: number(min_ects) }, Math.ceil(min_ects)),
    ].filter(part => typeof part === 'string')
    if (stage.length) return [t('office.audience.stages', { stages: either(stage) }), ...narrowed]
    return [t(narrowed.length ? 'office.audience.all_students' : 'office.audience.everybody'), ...narrowed]
  }

  return (audience: Audience): string => {
    const most = audience.max_ects
    const limit = most === null ? [] : [t('office.audience.max_ects', { count: number(most) }, Math.ceil(most))]
    return [...whom(audience), ...limit].join(', ')
  }
}
