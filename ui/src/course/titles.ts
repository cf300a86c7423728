import { useI18n } from 'vue-i18n'

/** Names courses in the reader's language; one that has no English title keeps its own. */
export function useTitle() {
  const { locale } = useI18n()
  return (course: { title: string | null, title_en?: string | null, code?: string | null }): string =>
    (locale.value === 'en' && course.title_en) || course.title || course.code || ''
}
