import { api, body, newKey } from '@/api/client'
import type { ImportFault, ImportOut, ImportStarted } from '@/api/schema'

/** A OneRoster zip is taken in by three modules, in this order: each rests on what those before it know. */
export const PARTS = ['courses', 'students', 'enrollments'] as const
export type Part = (typeof PARTS)[number]

/** Send the file to a module, which judges it or, unless it is a dry run, writes its part whole or not at all. */
export function start(part: Part, file: Blob, dryRun: boolean): Promise<ImportStarted> {
  const form = new FormData()
  form.append('file', file, 'oneroster.zip')
  const asked = { params: { query: { dry_run: dryRun }, header: { 'Idempotency-Key': newKey() } }, body: { file: '' }, bodySerializer: () => form }
  if (part === 'courses') return body(api.POST('/api/v1/courses/imports', asked))
  if (part === 'students') return body(api.POST('/api/v1/students/imports', asked))
  return body(api.POST('/api/v1/enrollments/imports', asked))
}

/** Tell how an import goes. */
export function look(part: Part, id: string): Promise<ImportOut> {
  const asked = { params: { path: { job_id: id } } }
  if (part === 'courses') return body(api.GET('/api/v1/courses/imports/{job_id}', asked))
  if (part === 'students') return body(api.GET('/api/v1/students/imports/{job_id}', asked))
  return body(api.GET('/api/v1/enrollments/imports/{job_id}', asked))
}

/** Every fault of all parts once, in the order of the files; two parts that read one row tell its faults twice. */
export function allFaults(jobs: readonly ImportOut[]): ImportFault[] {
  const known = new Map(jobs.flatMap(job => job.errors).map(fault => [[fault.file, fault.line, fault.column, fault.message].join('\n'), fault]))
  return [...known.values()].toSorted((a, b) => a.file.localeCompare(b.file) || a.line - b.line)
}

/** How many faults there are beyond those that the parts tell. */
export function untold(jobs: readonly ImportOut[]): number {
  return jobs.reduce((sum, job) => sum + job.error_count - job.errors.length, 0)
}
