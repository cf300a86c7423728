import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, body, everyPage } from '@/api/client'
import type { RecordedEnrollmentOut, RequisiteCheckIn, StandingOut, TermOut } from '@/api/schema'
import { useSession } from '@/gateway/session'

/** What a course is to a student. */
export type Progress = 'passed' | 'running' | 'open'

const RUNNING = ['enrolled', 'offered', 'review']

/** How far the student is with each course that was ever begun, by code; what was recognized counts as passed. */
export function progressOf(enrollments: readonly RecordedEnrollmentOut[], standing?: StandingOut): Map<string, Progress> {
  const progress = new Map<string, Progress>()
  for (const { course, status } of enrollments) {
    const code = course.code ?? ''
    if (status === 'completed') progress.set(code, 'passed')
    else if (RUNNING.includes(status) && progress.get(code) !== 'passed') progress.set(code, 'running')
  }
  for (const credit of standing?.recognized ?? []) progress.set(credit.course, 'passed')
  return progress
}

/** Say a record as the check of requisites asks for it, for a registration in a term. */
export function toldRecord(enrollments: readonly RecordedEnrollmentOut[], standing: StandingOut, term: string): RequisiteCheckIn {
  const finished = enrollments.filter(one => one.status === 'completed' || (one.status === 'failed' && one.grade !== null))
  const named = (one: RecordedEnrollmentOut) => ({ course: one.course.code ?? one.course.id, term: one.term.code ?? null, ects: one.ects })
  return {
    term,
    completed: [
      ...finished.map(one => ({ ...named(one), grade: one.grade })),
      ...standing.recognized.map(({ course, grade, ects, term: then }) => ({ course, grade, ects, term: then })),
    ],
    in_progress: enrollments.filter(one => RUNNING.includes(one.status)).map(named),
    standing: { program: standing.program, stage: standing.stage, groups: standing.groups, tests: standing.tests.map(({ name, score }) => ({ name, score })) },
  }
}

/** The student's own record, and whether it meets a course's requisites; for others there is nothing. */
export function useOwnRecord(course: Ref<string>, term: Ref<TermOut | undefined>) {
  const session = useSession()
  const student = computed(() => session.me?.student_id)
  const isStudent = computed(() => !!student.value)
  const record = useQuery({
    queryKey: ['record', student, () => term.value?.id],
    queryFn: () => readRecord(term.value?.id ?? ''),
    enabled: () => isStudent.value && !!term.value,
  })
  const check = useQuery({
    queryKey: ['requisite-check', course, () => term.value?.code, student, record.dataUpdatedAt],
    queryFn: () => {
      const { enrollments, standing } = record.data.value ?? { enrollments: [], standing: undefined }
      const told = standing ? toldRecord(enrollments, standing, term.value?.code ?? '') : {}
      return body(api.POST('/api/v1/courses/{key}/requisite-checks', { params: { path: { key: course.value } }, body: told }))
    },
    enabled: () => record.data.value !== undefined,
  })
  const progress = computed(() => record.data.value && progressOf(record.data.value.enrollments, record.data.value.standing))
  return { isStudent, record, check, progress }
}

async function readRecord(term: string) {
  const me = { key: 'me' }
  const [enrollments, standing] = await Promise.all([
    everyPage(cursor => body(api.GET('/api/v1/students/{key}/enrollments', { params: { path: me, query: { limit: 200, cursor } } }))),
    body(api.POST('/api/v1/students/{key}/verifications', { params: { path: me }, body: { term_id: term } })),
  ])
  return { enrollments, standing }
}
