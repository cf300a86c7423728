import { useQueryClient } from '@tanstack/vue-query'
import { type Ref, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import type { EnrollmentOut } from '@/api/schema'
import { say } from '@/design/toasts'
import { newsOf } from './news'
import { useCourseName } from './useMyPlaces'

/** Say what becomes of waits while the page is open; `busy` is the enrollment that the student deals with just now. */
export function useNews(enrollments: Ref<readonly EnrollmentOut[] | undefined>, busy: () => string | undefined) {
  const { t } = useI18n()
  const nameOf = useCourseName()
  const queries = useQueryClient()

  watch(enrollments, async (after, before) => {
    const told = newsOf(before ?? [], after ?? []).filter(one => one.enrollment.id !== busy())
    for (const { enrollment, news } of told) {
      const title = await nameOf(enrollment)
      say(t(`student.news.${news}`, { title }), news === 'expired' || news === 'canceled' ? 'warning' : 'good')
    }
    if (told.length > 0) for (const name of ['timetable', 'offering', 'availability', 'notifications']) void queries.invalidateQueries({ queryKey: [name] })
  })
}
