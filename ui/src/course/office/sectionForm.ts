import { api, body, newKey, read, type Read } from '@/api/client'
import type { MeetingIn, MeetingOut, ReservedIn, ReservedOut, RestrictionIn, RestrictionOut, SectionIn, SectionOut } from '@/api/schema'
import { instantOf, localOf } from '@/design/localTime'
import { numberOrNull, wordsOf } from '@/design/words'
import { timezone } from '@/design/zone'
import type { Weekday } from './calendar'

type Figure = number | string | null

export interface MeetingForm {
  kind: 'weekly' | 'dates'
  days: Weekday[]
  weeks: 'all' | 'odd' | 'even' | 'listed'
  listed: string
  dates: string
  start: string
  end: string
  room: string
  component: string
}

/** Lists are typed with commas between. */
export interface AudienceForm { program: string, stage: string, group: string }
export interface PoolForm extends AudienceForm { seats: Figure, until: string }
export interface RestrictionForm extends AudienceForm { level: string, consent: '' | 'instructor' | 'department' }

export type Teacher = SectionOut['instructors'][number]

export interface SectionForm {
  number: string
  component: string
  parent_id: string
  shares_seats_with: string
  capacity: Figure
  waitlist_capacity: Figure
  language: string
  status: string
  instructors: Teacher[]
  meetings: MeetingForm[]
  reserved: PoolForm[]
  restrictions: RestrictionForm[]
}
/** What a row tells the API; how many seats there are goes with whose they are. */
type Seats = Pick<SectionIn, 'shares_seats_with' | 'capacity'>
export type SectionBody = Omit<SectionIn, 'offering_id' | keyof Seats> & { seats: Seats }

export const newMeeting = (): MeetingForm => ({ kind: 'weekly', days: [], weeks: 'all', listed: '', dates: '', start: '', end: '', room: '', component: '' })
export const newPool = (): PoolForm => ({ seats: '', program: '', stage: '', group: '', until: '' })
export const newRestriction = (): RestrictionForm => ({ program: '', stage: '', group: '', level: '', consent: '' })

export function meetingForm(meeting: MeetingOut): MeetingForm {
  const weeks = meeting.weeks ?? 'all'
  const named = weeks === 'all' || weeks === 'odd' || weeks === 'even'
  return {
    kind: meeting.dates?.length ? 'dates' : 'weekly',
    days: [...(meeting.days ?? [])] as Weekday[],
    weeks: named ? weeks : 'listed',
    listed: named ? '' : weeks,
    dates: (meeting.dates ?? []).join(', '),
    start: meeting.start ?? '',
    end: meeting.end ?? '',
    room: meeting.room,
    component: meeting.component,
  }
}

export function meetingBody(form: MeetingForm): MeetingIn {
  const when = form.kind === 'dates' ? { dates: wordsOf(form.dates) } : { days: form.days, weeks: form.weeks === 'listed' ? form.listed : form.weeks }
  return { ...(form.component ? { component: form.component } : {}), ...when, start: form.start || null, end: form.end || null, room: form.room }
}

const audienceForm = (told: { program: string[], stage: number[], group: string[] }): AudienceForm => ({ program: told.program.join(', '), stage: told.stage.join(', '), group: told.group.join(', ') })
const audienceBody = (form: AudienceForm) => ({ program: wordsOf(form.program), stage: wordsOf(form.stage).map(Number), group: wordsOf(form.group) })

export const poolForm = (pool: ReservedOut): PoolForm => ({ ...audienceForm(pool), seats: pool.seats, until: pool.until ? localOf(pool.until, timezone.value) : '' })
// A number that is missing is left to the API, which says so.
export const poolBody = (form: PoolForm): ReservedIn => ({ ...audienceBody(form), seats: numberOrNull(form.seats) as number, until: form.until ? instantOf(form.until, timezone.value) : null })
export const restrictionForm = (told: RestrictionOut): RestrictionForm => ({ ...audienceForm(told), level: told.level.join(', '), consent: (told.consent ?? '') as RestrictionForm['consent'] })
export const restrictionBody = (form: RestrictionForm): RestrictionIn => ({ ...audienceBody(form), level: wordsOf(form.level), consent: form.consent || null })

/** A section of an offering that is yet to be opened. */
export function newSection(offering: string): SectionOut {
  const availability = { capacity: null, taken: 0, held: 0, waiting: 0, open: null }
  return { id: '', version: 0, offering_id: offering, number: '', component: '', parent_id: null, shares_seats_with: null, status: 'open', capacity: null, waitlist_capacity: null, language: null, meetings: [], reserved: [], restrictions: [], instructors: [], availability }
}

/** The version of a section as `If-Match` names it; one that is yet to be opened has none. */
export const readSection = (section: SectionOut): Read<SectionOut> => ({ data: section, etag: section.version ? `"v${section.version}"` : '' })

/** How a section is edited; `section` always tells which one it is by now. */
export function sectionEditing(section: () => SectionOut) {
  return {
    formOf: (told: SectionOut): SectionForm => ({
      number: told.number,
      component: told.component,
      parent_id: told.parent_id ?? '',
      shares_seats_with: told.shares_seats_with ?? '',
      capacity: told.capacity,
      waitlist_capacity: told.waitlist_capacity,
      language: told.language ?? '',
      status: told.status,
      instructors: [...told.instructors],
      meetings: told.meetings.map(meetingForm),
      reserved: told.reserved.map(poolForm),
      restrictions: told.restrictions.map(restrictionForm),
    }),
    bodyOf: (form: SectionForm): SectionBody => ({
      number: form.number,
      component: form.component,
      parent_id: form.parent_id || null,
      // A section whose seats are another's has none to say; one that has its own again must say how many.
      seats: form.shares_seats_with ? { shares_seats_with: form.shares_seats_with } : { shares_seats_with: null, capacity: numberOrNull(form.capacity) },
      waitlist_capacity: numberOrNull(form.waitlist_capacity),
      language: form.language.trim() || null,
      status: form.status as SectionIn['status'],
      instructors: form.instructors.map(one => one.id),
      meetings: form.meetings.map(meetingBody),
      reserved: form.reserved.map(poolBody),
      restrictions: form.restrictions.map(restrictionBody),
    }),
    read: async () => readSection(await body(api.GET('/api/v1/sections/{key}', { params: { path: { key: section().id } } }))),
    write: ({ seats, ...rest }: Partial<SectionBody>, etag: string) => writeSection(section(), { ...rest, ...seats }, etag),
  }
}

function writeSection(section: SectionOut, changes: Partial<Omit<SectionIn, 'offering_id'>>, etag: string): Promise<Read<SectionOut>> {
  return etag === ''
    ? read<SectionOut>(api.POST('/api/v1/sections', { params: { header: { 'Idempotency-Key': newKey() } }, body: { ...changes, offering_id: section.offering_id } as SectionIn }))
    : read<SectionOut>(api.PATCH('/api/v1/sections/{key}', { params: { path: { key: section.id }, header: { 'If-Match': etag } }, body: changes }))
}
