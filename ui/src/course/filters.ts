import type { LocationQuery } from 'vue-router'
import { WEEKDAYS } from './calendar'

/** What narrows the search besides words; each is a parameter of the page's address. */
export const FILTERS = ['department', 'component', 'day', 'from', 'to', 'ects', 'language', 'open', 'fits'] as const
export type FilterName = (typeof FILTERS)[number]
export type Filters = Partial<Record<FilterName, string>>

/** The components that a university is most likely to have; others are found by the address, and named as they are. */
export const COMPONENTS = ['lecture', 'exercise', 'laboratory', 'seminar', 'discussion', 'tutorial', 'project', 'practicum', 'studio', 'fieldwork', 'independent']

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/

const IS_FIT: Record<FilterName, (value: string) => boolean> = {
  department: value => value.length <= 120,
  component: value => value.length <= 40,
  day: value => WEEKDAYS.some(day => day === value),
  from: value => TIME.test(value),
  to: value => TIME.test(value),
  ects: value => /^\d{1,3}(\.\d{1,3})?$/.test(value) && Number(value) <= 300,
  language: value => value.length <= 40,
  open: value => value === '1',
  fits: value => value === '1',
}

/** Read the filters of an address; what makes no sense there is as good as not there. */
export function filtersOf(query: LocationQuery): Filters {
  const filters: Filters = {}
  for (const name of FILTERS) {
    const value = query[name]
    if (typeof value === 'string' && value !== '' && IS_FIT[name](value)) filters[name] = value
  }
  return filters
}

/** The words that are searched for. */
export function wordsOf(query: LocationQuery): string {
  return typeof query.q === 'string' ? query.q.slice(0, 200).trim() : ''
}

/** Say words and filters as the API's search asks for them; what fits a timetable is judged here. */
export function asked(words: string, filters: Filters) {
  const { ects, open, day } = filters
  return {
    ...(words && { q: words }),
    ...(filters.department && { department: filters.department }),
    ...(filters.component && { component: filters.component }),
    ...(day && { day: day as (typeof WEEKDAYS)[number] }),
    ...(filters.from && { from: filters.from }),
    ...(filters.to && { to: filters.to }),
    ...(ects && { ects: Number(ects) }),
    ...(filters.language && { language: filters.language }),
    ...(open && { open: true }),
  }
}
