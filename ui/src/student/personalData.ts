import { api } from '@/api/client'
import { save } from '@/design/csv'

/** Let the browser save everything that is kept about a student. */
export async function savePersonalData(student: string): Promise<void> {
  const { data, response } = await api.GET('/api/v1/students/{key}/export', { params: { path: { key: student } }, parseAs: 'text' })
  save(fileOf(response.headers.get('content-disposition')), data ?? '', 'application/json')
}

/** The name that the API gives a file. */
export function fileOf(disposition: string | null): string {
  return /filename="([^"/\\]+)"/.exec(disposition ?? '')?.[1] ?? 'student.json'
}
