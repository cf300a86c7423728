import type { OfferingOut, SectionOut } from '@/api/schema'
import { COMPONENTS } from './filters'

type Offered = Pick<OfferingOut, 'required_components' | 'sections'>
/** Sections of which exactly one is taken; without a component it is any of the offering's. */
export interface Group { component: string | null, sections: SectionOut[] }

/** What must be chosen: one of each required component, or, where nothing is required, one section at all. */
export function groupsOf(offering: Offered): Group[] {
  const sections = offering.sections.filter(section => section.status !== 'canceled')
  if (offering.required_components.length === 0) return [{ component: null, sections }]
  return offering.required_components.map(component => ({ component, sections: sections.filter(one => one.component === component) }))
}

/** Lectures first, as a student thinks of them; within a component as they are numbered. */
export function inOrder(sections: readonly SectionOut[]): SectionOut[] {
  const place = (component: string) => (COMPONENTS.includes(component) ? COMPONENTS.indexOf(component) : COMPONENTS.length)
  return sections.toSorted((a, b) => place(a.component) - place(b.component))
}

/** Choose a section, with the section that it belongs to, in place of what was chosen instead. */
export function choose(offering: Offered, chosen: readonly string[], id: string): string[] {
  const section = find(offering, id)
  if (!section) return [...chosen]
  const kept = chosen.filter(one => !isSameGroup(offering, one, section))
  const whole = section.parent_id && !kept.includes(section.parent_id) ? choose(offering, kept, section.parent_id) : kept
  return [...whole, id].filter((one, _, all) => isWhole(offering, one, all))
}

/** What can be chosen in one way only. */
export function given(offering: Offered): string[] {
  return groupsOf(offering).reduce<string[]>((chosen, group) => {
    const open = group.sections.filter(section => section.status === 'open')
    const [only] = open
    return only && open.length === 1 && !chosen.includes(only.id) ? choose(offering, chosen, only.id) : chosen
  }, [])
}

/** The groups of which nothing is chosen yet. */
export function missing(offering: Offered, chosen: readonly string[]): Group[] {
  return groupsOf(offering).filter(group => !group.sections.some(section => chosen.includes(section.id)))
}

/** Whether one section of each group is left that nothing speaks against, each with the one that it belongs to. */
export function fits(offering: Offered, isFree: (section: SectionOut) => boolean): boolean {
  const free = (section: SectionOut): boolean => {
    const parent = find(offering, section.parent_id)
    return section.status === 'open' && isFree(section) && (!parent || free(parent))
  }
  return groupsOf(offering).every(group => group.sections.some(free))
}

function isSameGroup(offering: Offered, id: string, section: SectionOut): boolean {
  if (offering.required_components.length === 0) return true
  return find(offering, id)?.component === section.component
}

function isWhole(offering: Offered, id: string, all: readonly string[]): boolean {
  const parent = find(offering, id)?.parent_id
  return !parent || all.includes(parent)
}

function find(offering: Offered, id: string | null): SectionOut | undefined {
  return offering.sections.find(section => section.id === id)
}
