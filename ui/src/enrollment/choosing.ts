/** Choosing another section of the same offering, with what hangs on the choice. */
import type { OfferingOut, SectionOut } from '@/api/schema'
import type { Bundle } from './planItems'

/** The sections that could stand in a section's place, itself among them. */
export function choicesFor(section: SectionOut, offering: OfferingOut): SectionOut[] {
  return offering.sections
    .filter(other => other.component === section.component && (other.status === 'open' || other.id === section.id))
    .toSorted((a, b) => a.number.localeCompare(b.number, undefined, { numeric: true }))
}

/**
 * The bundle with one section in place of another.
 *
 * What belongs to the old one follows: a child is exchanged for one of the new parent's, a parent for the new child's.
 */
export function exchanged(bundle: Bundle, offering: OfferingOut, before: string, after: string): string[] {
  const byId = new Map(offering.sections.map(section => [section.id, section]))
  const chosen = byId.get(after)
  const swapped = bundle.map(id => (id === before ? after : id))
  if (!chosen) return [...new Set(swapped)]
  const parents = swapped.map((id) => {
    const section = byId.get(id)
    const parent = chosen.parent_id === null ? undefined : byId.get(chosen.parent_id)
    return parent && section && id !== after && section.component === parent.component ? parent.id : id
  })
  const followed = parents.flatMap((id) => {
    const section = byId.get(id)
    if (!section?.parent_id || parents.includes(section.parent_id)) return [id]
    const sister = offering.sections.find(other => other.component === section.component && other.parent_id !== null && parents.includes(other.parent_id) && other.status === 'open')
    return sister ? [sister.id] : []
  })
  return [...new Set(followed)]
}
