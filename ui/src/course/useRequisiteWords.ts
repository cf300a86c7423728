import { useI18n } from 'vue-i18n'
import { useFormat } from '@/design/useFormat'
import type { Requisite } from './requisites'

/** Says the demands of a requisite in sentences, and why one is met or not. */
export function useRequisiteWords() {
  const i18n = useI18n()
  const { t } = i18n
  const format = useFormat()

  /** What is demanded; of a course only how it must be taken, because its name stands before. */
  function demand(node: Requisite): string {
    switch (node.kind) {
      case 'course': return course(node)
      case 'credits': return credits(node)
      case 'gpa': return t('course.requisite.gpa', { minimum: format.number(node.minimum ?? 0) })
      case 'test': return t('course.requisite.test', { name: node.name ?? '', minimum: format.number(node.minimum ?? 0) })
      case 'program': return t('course.requisite.program', { names: format.either(node.codes ?? []) })
      case 'stage': return t('course.requisite.stage', { minimum: node.minimum ?? 0 })
      case 'group': return t('course.requisite.group', { names: format.either(node.names ?? []) })
      case 'consent': return t(`course.requisite.consent.${node.giver === 'department' ? 'department' : 'instructor'}`)
      case 'n-of': return t('course.requisite.n-of', { n: node.n ?? 1 }, node.n ?? 1)
      default: return t(`course.requisite.${node.kind}`)
    }
  }

  function course(node: Requisite): string {
    const taken = t(`course.requisite.taken.${node.timing ?? 'before'}`)
    const graded = node.grade ? t('course.requisite.graded', { taken, grade: node.grade }) : taken
    return node.within_terms ? t('course.requisite.within', { graded, count: node.within_terms }, node.within_terms) : graded
  }

  function credits(node: Requisite): string {
    const minimum = node.minimum ?? 0
    const facts = { count: format.number(minimum), department: node.department ?? '' }
    return t(node.department ? 'course.requisite.credits_in' : 'course.requisite.credits', facts, Math.ceil(minimum))
  }

  /** Why the demand is met or not, from the reader's own record; nothing where the result says it all. */
  function reason(node: Requisite): string {
    const key = `course.requisite.because.${node.because ?? ''}`
    if (!node.because || !i18n.te(key)) return ''
    const told = Object.entries(node.about ?? {}).map(([name, value]) => [name, typeof value === 'number' ? format.number(value) : typeof value === 'string' ? value : ''])
    return t(key, Object.fromEntries(told) as Record<string, string>)
  }

  return { demand, reason }
}
