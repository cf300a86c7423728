import type { RouteLocationRaw } from 'vue-router'

const PLACES = { requests: ['consent-answered', 'permission-granted'], transcript: ['grade-posted'], plan: ['window-opens'], registration: ['promoted', 'offered', 'offer-expired', 'passed-over', 'section-canceled', 'moved', 'requisite-broken', 'put-on-review'] } as const

/** The page that a notification is about, if it is about one; `term` is the code of its term. */
export function pageAbout(kind: string, term: string | undefined): { name: keyof typeof PLACES, to: RouteLocationRaw } | null {
  const name = (Object.keys(PLACES) as (keyof typeof PLACES)[]).find(page => PLACES[page].some(one => one === kind))
  return name ? { name, to: { path: `/${name}`, query: term && (name === 'plan' || name === 'registration') ? { term } : {} } } : null
}
