import type { WindowIn, WindowOut } from '@/api/schema'
import { instantOf, localOf } from '@/design/localTime'
import { numberOrNull, wordsOf } from '@/design/words'

/** A window as its form has it: times of the university's wall clock, lists as they are typed. */
export interface WindowForm {
  name: string
  opens_at: string
  closes_at: string
  program: string
  stage: number[]
  group: string
  min_ects: string | number
  max_ects: string | number | null
}

export const FIELDS = ['name', 'opens_at', 'closes_at', 'program', 'stage', 'group', 'min_ects', 'max_ects'] as const

export const EMPTY: WindowForm = { name: '', opens_at: '', closes_at: '', program: '', stage: [], group: '', min_ects: 0, max_ects: null }

export function formOf(window: WindowOut, zone: string): WindowForm {
  return {
    name: window.name,
    opens_at: localOf(window.opens_at, zone),
    closes_at: localOf(window.closes_at, zone),
    program: window.program.join(', '),
    stage: [...window.stage],
    group: window.group.join(', '),
    min_ects: window.min_ects,
    max_ects: window.max_ects,
  }
}

export function bodyOf(form: WindowForm, zone: string): Omit<WindowIn, 'term_id'> {
  return {
    name: form.name,
    opens_at: instantOf(form.opens_at, zone),
    closes_at: instantOf(form.closes_at, zone),
    program: wordsOf(form.program),
    stage: form.stage,
    group: wordsOf(form.group),
    min_ects: numberOrNull(form.min_ects) ?? 0,
    max_ects: numberOrNull(form.max_ects),
  }
}

/** Whether a window is still to open, open or closed at a moment. */
export function stateOf(window: Pick<WindowOut, 'opens_at' | 'closes_at'>, now: number): 'ahead' | 'open' | 'over' {
  if (now < Date.parse(window.opens_at)) return 'ahead'
  return now < Date.parse(window.closes_at) ? 'open' : 'over'
}
