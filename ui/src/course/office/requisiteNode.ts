/** A node of the tree that the API tells: a branch has `items`, a leaf what it asks for. */
export interface RequisiteNode {
  kind: 'all' | 'any' | 'not' | 'n-of' | 'course' | 'credits' | 'gpa' | 'test' | 'program' | 'stage' | 'group' | 'consent'
  items?: RequisiteNode[]
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
  giver?: 'instructor' | 'department'
}
