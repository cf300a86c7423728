import { useI18n } from 'vue-i18n'
import { useFormat } from '@/design/useFormat'

/** A meeting as course, student and enrollment tell it. */
export interface Meeting {
  component?: string
  days?: string[]
  start?: string | null
  end?: string | null
  room?: string | null
  weeks?: string
  dates?: string[]
}

/** Says components, languages and meetings in the reader's language; a word that nobody translated stays as it is. */
export function useWords() {
  const i18n = useI18n()
  const { t, locale } = i18n
  const format = useFormat()

  function known(key: string, name: string): string {
    return i18n.te(key) ? t(key) : name
  }

  function component(name: string): string {
    return known(`course.components.${name}`, name)
  }

  function level(name: string): string {
    return known(`course.levels.${name}`, name)
  }

  function language(code: string): string {
    try {
      return new Intl.DisplayNames(locale.value, { type: 'language' }).of(code) ?? code
    } catch {
      return code
    }
  }

  function weeks(meeting: Meeting): string {
    const told = meeting.weeks ?? 'all'
    if (told === 'all' || meeting.dates?.length) return ''
    if (told === 'odd' || told === 'even') return t(`course.meeting.${told}`)
    return t('course.meeting.weeks', { weeks: told.replaceAll('-', '–').replaceAll(',', ', ') })
  }

  function days(meeting: Meeting): string {
    if (meeting.dates?.length) return format.list(meeting.dates.map(format.shortDate))
    return (meeting.days ?? []).map(day => t(`design.days_short.${day}`)).join(', ')
  }

  /** `Mon, Wed 10:15–11:45, odd weeks`. */
  function when(meeting: Meeting): string {
    const hours = meeting.start && meeting.end ? `${meeting.start}–${meeting.end}` : ''
    const told = [days(meeting), hours].filter(Boolean).join(' ')
    return [told || t('course.meeting.open'), weeks(meeting)].filter(Boolean).join(', ')
  }

  return { component, level, language, when }
}
