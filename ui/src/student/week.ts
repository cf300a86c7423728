/** Where the meetings of a week stand on its grid: pure, in fractions of the grid and of a day's width. */

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Day = (typeof DAYS)[number]

export interface WeekMeeting {
  key: string
  title: string
  subtitle?: string
  day: Day
  /** `HH:MM` */
  start: string
  end: string
  /** `all`, `odd`, `even`, or other words for the weeks that are shown as they are. */
  weeks: string
  tone?: 'info' | 'good' | 'neutral'
  /** Whether it overlaps another, or a sentence that says with what. */
  clash?: boolean | string
}

export interface Placed<M extends WeekMeeting> {
  meeting: M
  /** Percent of the grid's height. */
  top: number
  height: number
  /** Percent of the day's width: meetings at the same time stand side by side. */
  start: number
  width: number
}

export interface WeekLayout<M extends WeekMeeting> {
  /** The full hours that the grid begins and ends with. */
  from: number
  to: number
  /** Height of an hour in rem, so that the shortest meeting has room for its words. */
  hour: number
  /** Monday to Friday, and the days of the weekend that are used. */
  days: { day: Day, placed: Placed<M>[] }[]
}

const ROOM = 4.25
const LOWEST = 3.5
const HIGHEST = 6

/** Lay a week out; without meetings it is an ordinary day's hours. */
export function layOut<M extends WeekMeeting>(meetings: readonly M[]): WeekLayout<M> {
  const from = meetings.length > 0 ? Math.floor(Math.min(...meetings.map(one => hours(one.start)))) : 8
  const to = Math.max(from + 1, meetings.length > 0 ? Math.ceil(Math.max(...meetings.map(one => hours(one.end)))) : 16)
  const shortest = Math.min(1, ...meetings.map(one => hours(one.end) - hours(one.start)).filter(length => length > 0))
  const days = DAYS
    .map(day => ({ day, placed: place(meetings.filter(one => one.day === day), from, to) }))
    .filter(({ placed }, index) => index < 5 || placed.length > 0)
  return { from, to, hour: Math.min(HIGHEST, Math.max(LOWEST, ROOM / shortest)), days }
}

/** `HH:MM` as hours with a fraction. */
export function hours(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return hour + minute / 60
}

function place<M extends WeekMeeting>(meetings: readonly M[], from: number, to: number): Placed<M>[] {
  const ordered = meetings.toSorted((a, b) => a.start.localeCompare(b.start) || a.end.localeCompare(b.end))
  return bunches(ordered).flatMap((bunch) => {
    const { columns, count } = columnsOf(bunch)
    return bunch.map((meeting, index) => ({
      meeting,
      top: (hours(meeting.start) - from) / (to - from) * 100,
      height: (hours(meeting.end) - hours(meeting.start)) / (to - from) * 100,
      start: (columns[index] ?? 0) / count * 100,
      width: 100 / count,
    }))
  })
}

/** Meetings that are linked by overlapping share the width of the day among them. */
function bunches<M extends WeekMeeting>(ordered: readonly M[]): M[][] {
  const found: M[][] = []
  let end = ''
  for (const meeting of ordered) {
    const bunch = found.at(-1)
    if (bunch && meeting.start < end) bunch.push(meeting)
    else found.push([meeting])
    end = bunch && meeting.start < end && meeting.end < end ? end : meeting.end
  }
  return found
}

/** The first column that is free again takes the next meeting. */
function columnsOf(bunch: readonly WeekMeeting[]): { columns: number[], count: number } {
  const ends: string[] = []
  const columns = bunch.map((meeting) => {
    const free = ends.findIndex(end => end <= meeting.start)
    const column = free < 0 ? ends.length : free
    ends[column] = meeting.end
    return column
  })
  return { columns, count: ends.length }
}
