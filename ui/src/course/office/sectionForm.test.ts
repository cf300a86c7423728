import { expect, it } from 'vitest'
import { meetingBody, meetingForm, newMeeting, poolBody, poolForm, readSection, newSection, restrictionBody, restrictionForm, sectionEditing } from './sectionForm'

it('tells meetings as they were told, whatever their weeks', () => {
  const plain = { component: 'lecture', start: '14:00', end: '15:20', room: 'A-150' }
  for (const meeting of [{ ...plain, days: ['tue', 'thu'], weeks: 'odd' }, { ...plain, days: ['mon'], weeks: '1-7,9' }, { ...plain, dates: ['2026-11-03'] }]) {
    expect(meetingBody(meetingForm(meeting))).toEqual(meeting)
  }
})

it('leaves the component of a new meeting to its section, and times that nobody gave open', () => {
  expect(meetingBody({ ...newMeeting(), days: ['mon'] })).toEqual({ days: ['mon'], weeks: 'all', start: null, end: null, room: '' })
})

it('tells whom seats are kept for, until a moment of the university’s clock', () => {
  const pool = { seats: 10, program: ['INF', 'MATH'], stage: [1, 2], group: [], until: '2026-10-05T00:00:00Z' }

  expect(poolForm(pool)).toEqual({ seats: 10, program: 'INF, MATH', stage: '1, 2', group: '', until: '2026-10-05T02:00' })
  expect(poolBody(poolForm(pool))).toEqual(pool)
})

it('tells restrictions as they were told', () => {
  const told = { program: ['INF'], stage: [3], group: [], level: ['master'], consent: 'instructor' }

  expect(restrictionBody(restrictionForm(told))).toEqual(told)
})

it('says how many seats a section has only where they are its own', () => {
  const { formOf, bodyOf } = sectionEditing(() => newSection('o'))
  const told = { ...newSection('o'), capacity: 5 }

  expect(bodyOf(formOf(told)).seats).toEqual({ shares_seats_with: null, capacity: 5 })
  expect(bodyOf(formOf({ ...told, shares_seats_with: 'h' })).seats).toEqual({ shares_seats_with: 'h' })
})

it('names the version of a section, and none of one that is yet to be opened', () => {
  expect([readSection(newSection('o')).etag, readSection({ ...newSection('o'), version: 3 }).etag]).toEqual(['', '"v3"'])
})
