/** What a plan wishes for: each item is one bundle of sections. Every edit may be applied twice and does the same as once. */

export type Bundle = readonly string[]
export interface PlanContent { name: string, items: { section_ids: string[] }[] }
export type Edit = (content: PlanContent) => PlanContent

export function isSame(one: Bundle, other: Bundle): boolean {
  return one.length === other.length && one.every(section => other.includes(section))
}

/** Wish for one more bundle, unless the plan has it already. */
export function adding(bundle: Bundle): Edit {
  return content => has(content, bundle) ? content : { ...content, items: [...content.items, { section_ids: [...bundle] }] }
}

/** Wish for another bundle in place of one; an empty one takes the item out. */
export function replacing(bundle: Bundle, by: Bundle): Edit {
  if (by.length === 0) return removing([bundle])
  return content => ({
    ...content,
    items: content.items.map(item => (isSame(item.section_ids, bundle) ? { section_ids: [...by] } : item)),
  })
}

export function removing(bundles: readonly Bundle[]): Edit {
  return content => ({ ...content, items: content.items.filter(item => !bundles.some(bundle => isSame(item.section_ids, bundle))) })
}

export function naming(name: string): Edit {
  return content => ({ ...content, name })
}

function has(content: PlanContent, bundle: Bundle): boolean {
  return content.items.some(item => isSame(item.section_ids, bundle))
}
