import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { refDebounced } from '@vueuse/core'
import { computed, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { api, body, newKey } from '@/api/client'
import type { RegistrationRequestIn } from '@/api/schema'
import { countOf, type Judged, reasonsOf } from './planRequest'

const PAUSE = 400

/**
 * What the university would answer to a request now: asked again after every change of it, once the changes pause.
 *
 * Until the answer is there, `fresh` is false and the reasons are those of the request before.
 */
export function useValidation(request: Ref<RegistrationRequestIn | null>) {
  const { locale } = useI18n()
  const wanted = computed(() => JSON.stringify(request.value))
  const asked = refDebounced(wanted, PAUSE)
  const query = useQuery({
    queryKey: ['validation', asked, locale],
    queryFn: () => judge(JSON.parse(asked.value) as RegistrationRequestIn | null),
    enabled: () => asked.value !== 'null',
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
  })
  const judged = computed(() => (request.value ? query.data.value ?? null : null))
  const fresh = computed(() => judged.value !== null && !query.isFetching.value && !query.isPlaceholderData.value && asked.value === wanted.value)
  const reasons = computed(() => (judged.value ? reasonsOf(judged.value) : { whole: [], own: new Map<string, never>() }))
  const count = computed(() => (judged.value ? countOf(judged.value) : 0))
  return { query, judged, fresh, reasons, count }
}

async function judge(request: RegistrationRequestIn | null): Promise<Judged | null> {
  if (!request) return null
  const trial = { ...request, dry_run: true }
  // A trial keeps no key; with one the client asks again when the network fails.
  const answer = await body(api.POST('/api/v1/registration-requests', { params: { header: { 'Idempotency-Key': newKey() } }, body: trial }))
  return { request, answer }
}
