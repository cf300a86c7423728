import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { useLanguage } from '@/i18n'
import MeetingText from './MeetingText.vue'
import SeatCount from './SeatCount.vue'

afterEach(() => useLanguage('en'))

const meets = (facts: object) => mount(MeetingText, { props: { meetings: [{ days: ['mon'], start: '10:15', end: '11:45', weeks: 'all', ...facts }], component: 'lecture' } }).text()

describe('a meeting in words', () => {
  it('names days and hours', () => {
    expect(meets({ days: ['mon', 'wed'] })).toBe('Mon, Wed 10:15–11:45')
  })

  it.each([['odd', 'odd weeks'], ['1-7,9', 'weeks 1–7, 9']])('tells the weeks %s', (weeks, told) => {
    expect(meets({ weeks })).toBe(`Mon 10:15–11:45, ${told}`)
  })

  it('names listed dates instead of days', () => {
    expect(meets({ days: [], dates: ['2026-10-12', '2026-10-19'] })).toBe('10/12 and 10/19 10:15–11:45')
  })

  it('says that a time is not known yet, and that there is none', () => {
    expect(meets({ days: [], start: null, end: null })).toBe('Time to be announced')
    expect(mount(MeetingText, { props: { meetings: [] } }).text()).toBe('No regular meetings')
  })

  it('names the component only where it is not the section\'s own', () => {
    expect(meets({ component: 'lecture' })).not.toContain('lecture')
    expect(meets({ component: 'seminar' })).toContain('(seminar)')
  })
})

describe('seats in words', () => {
  const told = (open: number | null, waiting = 0) => mount(SeatCount, { props: { seats: { capacity: open === null ? null : 30, open, taken: 0, waiting } } }).text()

  it('counts in English', () => {
    expect([told(1), told(2), told(0), told(null)]).toEqual(['1 seat of 30 free', '2 seats of 30 free', 'Full: all 30 seats are taken', 'No limit of seats'])
  })

  it('counts in Polish, in all three forms', async () => {
    await useLanguage('pl')

    expect([told(1), told(3), told(5), told(22)]).toEqual(['1 wolne miejsce z 30', '3 wolne miejsca z 30', '5 wolnych miejsc z 30', '22 wolne miejsca z 30'])
  })

  it('tells how many wait', () => {
    expect(told(0, 4)).toContain('4 waiting')
  })
})
