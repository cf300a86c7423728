import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, body } from '@/api/client'
import type { RosterRowOut, ScaleOut } from '@/api/schema'
import { useTitle } from '@/course/titles'
import { useWords } from '@/course/useWords'
import { offeringQuery } from '../useMyPlaces'

/** A section by its id with what it is a section of, and what both are called. */
export function useTaughtSection(id: Ref<string>) {
  const titleOf = useTitle()
  const words = useWords()
  const section = useQuery({ queryKey: ['sections', id], queryFn: () => body(api.GET('/api/v1/sections/{key}', { params: { path: { key: id.value } } })), retry: false })
  const offeringId = computed(() => section.data.value?.offering_id ?? '')
  const offering = useQuery(computed(() => ({ ...offeringQuery(offeringId.value), enabled: offeringId.value !== '' })))
  const name = computed(() => {
    const { data } = section
    const what = data.value ? `${words.component(data.value.component)} ${data.value.number}` : ''
    return [offering.data.value && titleOf(offering.data.value.course), what].filter(Boolean).join(', ')
  })
  return { section: section.data, offering: offering.data, offeringId, name }
}

/** Everybody in a section, and the scale on which they are graded. */
export interface Roster { rows: RosterRowOut[], grading: ScaleOut }

export function useRoster(id: Ref<string>) {
  return useQuery({ queryKey: ['roster', id], queryFn: () => wholeRoster(id.value) })
}

async function wholeRoster(section: string): Promise<Roster> {
  const page = (cursor?: string) => body(api.GET('/api/v1/sections/{section_id}/roster', { params: { path: { section_id: section }, query: { limit: 200, cursor } } }))
  let told = await page()
  const { grading } = told
  const rows = [...told.items]
  while (told.next) {
    told = await page(told.next)
    rows.push(...told.items)
  }
  return { rows, grading }
}

/** What a person on a roster or a queue is called, family name first; empty for who is not known any more. */
export function nameOf(person: { family_name: string | null, given_name: string | null }): string {
  return [person.family_name, person.given_name].filter(Boolean).join(' ')
}
