import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { api, body } from '@/api/client'
import type { AvailabilityFeedOut } from '@/api/schema'

/** The seats of a section; `capacity` and `open` are null where there is no limit. */
export interface Seats { capacity: number | null, open: number | null, taken: number, waiting: number }
interface Known { version: number, seats: Record<string, Seats> }

const EVERY = 2000
const NOTHING: Known = { version: 0, seats: {} }

/** What is known after a further answer of the feed. */
export function learn(known: Known, news: AvailabilityFeedOut): Known {
  if (news.sections.length === 0) return { ...known, version: news.version }
  const seats = { ...known.seats }
  for (const { id, capacity, open, taken, waiting } of news.sections) seats[id] = { capacity, open, taken, waiting }
  return { version: news.version, seats }
}

/**
 * The seats of a term's sections as they are now, asked for every two seconds while the page is looked at.
 *
 * All parts of a page that name the same term share one question; only what changed is sent.
 */
export function useAvailability(term: MaybeRefOrGetter<string | undefined>) {
  const client = useQueryClient()
  const key = computed(() => ['availability', toValue(term)])
  const query = useQuery({
    queryKey: key,
    queryFn: ({ queryKey, signal }) => ask(queryKey[1] ?? '', client.getQueryData<Known>(queryKey), signal),
    enabled: () => !!toValue(term),
    refetchInterval: EVERY,
    staleTime: EVERY,
  })

  /** The newest seats of a section, or those that came with it. */
  function seatsOf(section: { id: string, availability: Seats }): Seats {
    return query.data.value?.seats[section.id] ?? section.availability
  }

  return { query, seatsOf }
}

async function ask(term: string, known: Known = NOTHING, signal?: AbortSignal): Promise<Known> {
  const answer = await feed(term, known.version, signal)
  // A university that was set up anew counts from the beginning.
  if (answer.version < known.version) return learn(NOTHING, await feed(term, 0, signal))
  return learn(known, answer)
}

function feed(term: string, after: number, signal?: AbortSignal): Promise<AvailabilityFeedOut> {
  return body(api.GET('/api/v1/availability', { params: { query: { term, after } }, signal }))
}
