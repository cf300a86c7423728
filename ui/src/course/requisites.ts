/** A node of a requisite as the API tells it; with a record it tells the result of every node. */
export interface Requisite {
  kind: 'all' | 'any' | 'not' | 'n-of' | 'course' | 'credits' | 'gpa' | 'test' | 'program' | 'stage' | 'group' | 'consent'
  items?: Requisite[]
  n?: number
  course?: string
  grade?: string | null
  timing?: 'in-progress' | 'concurrent' | 'with' | null
  within_terms?: number | null
  minimum?: number
  department?: string | null
  name?: string
  codes?: string[]
  names?: string[]
  giver?: string
  result?: Result
  because?: string | null
  about?: Record<string, unknown>
}
export type Result = 'MET' | 'CONDITIONAL' | 'UNMET' | 'UNKNOWN'

/** The tree of an answer; the contract leaves open what it may hold one day. */
export function treeOf(answer: { tree: Record<string, unknown> | null }): Requisite | null {
  return answer.tree as Requisite | null
}
