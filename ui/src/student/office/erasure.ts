import type { StudentOut } from '@/api/schema'

/** Whether somebody can be forgotten: not while they are here, and not twice. */
export function erasureOf({ id, number, status }: Pick<StudentOut, 'id' | 'number' | 'status'>): 'possible' | 'here' | 'gone' {
  if (number === `x-${id}`) return 'gone'
  return status === 'graduated' || status === 'withdrawn' ? 'possible' : 'here'
}
