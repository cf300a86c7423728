import { describe, expect, it } from 'vitest'
import { type Day, layOut, type WeekMeeting } from './week'

function meeting(day: Day, start: string, end: string, weeks = 'all'): WeekMeeting {
  return { key: `${day} ${start}-${end} ${weeks}`, title: 'MATH-101', day, start, end, weeks }
}

function placedOn(day: Day, meetings: WeekMeeting[]) {
  return layOut(meetings).days.find(one => one.day === day)?.placed ?? []
}

describe('the layout of a week', () => {
  it('shows the full hours around all meetings', () => {
    const { from, to } = layOut([meeting('mon', '09:15', '10:45'), meeting('fri', '16:00', '17:30')])
    expect([from, to]).toEqual([9, 18])
  })

  it('shows Saturday and Sunday only when something takes place', () => {
    expect(layOut([meeting('mon', '09:00', '10:00')]).days.map(one => one.day)).toEqual(['mon', 'tue', 'wed', 'thu', 'fri'])
    expect(layOut([meeting('sun', '09:00', '10:00')]).days.map(one => one.day)).toEqual(['mon', 'tue', 'wed', 'thu', 'fri', 'sun'])
  })

  it('stands where its time is', () => {
    expect(placedOn('tue', [meeting('tue', '08:00', '10:00'), meeting('tue', '11:00', '12:00')]).map(({ top, height }) => [top, height])).toEqual([[0, 50], [75, 25]])
  })

  it('puts meetings at the same time side by side', () => {
    expect(placedOn('wed', [meeting('wed', '10:00', '12:00', 'even'), meeting('wed', '10:00', '12:00', 'odd')]).map(({ start, width }) => [start, width])).toEqual([[0, 50], [50, 50]])
  })

  it('lets meetings whose ends touch have the whole width', () => {
    expect(placedOn('wed', [meeting('wed', '08:00', '10:00'), meeting('wed', '10:00', '12:00')]).map(one => one.width)).toEqual([100, 100])
  })

  it('uses a column again that is free again', () => {
    const placed = placedOn('thu', [meeting('thu', '08:00', '12:00'), meeting('thu', '08:00', '09:00'), meeting('thu', '09:00', '10:00')])
    expect(placed.map(({ meeting: { end }, start, width }) => [end, start, width])).toEqual([['09:00', 0, 50], ['12:00', 50, 50], ['10:00', 0, 50]])
  })

  it('keeps a long meeting beside all that begin during it', () => {
    const placed = placedOn('thu', [meeting('thu', '08:00', '12:00'), meeting('thu', '09:00', '10:00'), meeting('thu', '11:00', '13:00')])
    expect(placed.map(one => one.width)).toEqual([50, 50, 50])
  })

  it('makes hours high enough for the words of a short meeting, within bounds', () => {
    expect(layOut([meeting('mon', '09:00', '09:45')]).hour).toBeGreaterThan(layOut([meeting('mon', '09:00', '10:30')]).hour)
    expect(layOut([meeting('mon', '09:00', '09:05')]).hour).toBe(6)
  })

  it('is an ordinary day without meetings', () => {
    expect(layOut([])).toMatchObject({ from: 8, to: 16, days: [{}, {}, {}, {}, {}] })
  })
})
