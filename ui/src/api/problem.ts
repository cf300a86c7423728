import type { Problem as ProblemDocument, ViolationOut } from './schema'

export type Problem = ProblemDocument
export type Violation = ViolationOut
export type Remedy = Violation['remedies'][number]

/** The API refused: `problem` says what and why, in the reader's language. */
export class Refused extends Error {
  constructor(readonly problem: Problem, readonly retryAfter: number | null = null) {
    super(problem.detail ?? problem.title)
    this.name = 'Refused'
  }
}

/** No answer came at all; whether the request arrived is unknown. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('unreachable', { cause })
    this.name = 'Unreachable'
  }
}

/** The message of a field, for forms: faults name nested fields as `meetings.0.start`. */
export function faultOf(error: unknown, field: string): string | undefined {
  if (!(error instanceof Refused)) return undefined
  return error.problem.errors?.find(fault => fault.field === field)?.message
}

/** Faults of fields that the form does not show itself. */
export function otherFaults(error: unknown, shown: readonly string[]): { field: string, message: string }[] {
  if (!(error instanceof Refused)) return []
  return (error.problem.errors ?? []).filter(fault => !shown.includes(fault.field))
}

export function isRefusal(error: unknown, code: string): error is Refused {
  return error instanceof Refused && error.problem.code === code
}

export async function refusalOf(response: Response): Promise<Refused> {
  const kind = response.headers.get('content-type') ?? ''
  const problem = kind.startsWith('application/problem+json')
    ? ((await response.json()) as Problem)
    : { type: 'about:blank', title: response.statusText || String(response.status), status: response.status, code: 'no-problem-document' }
  return new Refused(problem, secondsOf(response.headers.get('retry-after')))
}

function secondsOf(text: string | null): number | null {
  const seconds = Number(text)
  return text !== null && Number.isFinite(seconds) ? seconds : null
}
