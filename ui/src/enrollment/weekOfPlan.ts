/** The meetings of a plan and of what is registered already, as a week; clashes as the university found them. */
import type { Violation } from '@/api/problem'
import type { MeetingOut } from '@/api/schema'
import { DAYS, type Day, type WeekMeeting } from '@/student/week'

export interface Course { code: string, section: { id: string, number: string, component: string, meetings: readonly MeetingOut[] }, registered: boolean }
export interface Words { subtitle: (course: Course) => string, clash: (codes: string[]) => string }
type Placed = WeekMeeting & { section: string, course: string }

export function weekOf(courses: readonly Course[], violations: readonly Violation[], words: Words): WeekMeeting[] {
  const placed = courses.flatMap(course => course.section.meetings.flatMap((meeting, at) => placeMeeting(course, meeting, at, words)))
  const pairs = pairsOf(violations)
  return placed.map((one) => {
    const others = placed.filter(other => pairs.has(`${one.section} ${other.section}`) && overlap(one, other)).map(other => other.course)
    return others.length > 0 ? { ...one, clash: words.clash([...new Set(others)]) } : one
  })
}

function placeMeeting(course: Course, meeting: MeetingOut, at: number, words: Words): Placed[] {
  const { start, end } = meeting
  if (!start || !end || meeting.dates?.length) return []
  return (meeting.days ?? []).filter(isDay).map(day => ({
    key: `${course.section.id} ${at} ${day}`,
    title: course.code,
    subtitle: words.subtitle(course),
    day, start, end,
    weeks: meeting.weeks ?? 'all',
    tone: course.registered ? 'good' : 'info',
    section: course.section.id,
    course: course.code,
  }))
}

function isDay(name: string): name is Day {
  return (DAYS as readonly string[]).includes(name)
}

/** Both ways round: the clash is told under one section and concerns two. */
function pairsOf(violations: readonly Violation[]): Set<string> {
  const clashes = violations.filter(one => one.code === 'time-conflict')
  return new Set(clashes.flatMap(({ section_id: one, params: { with_section_id: other } }) => [`${one} ${String(other)}`, `${String(other)} ${one}`]))
}

function overlap(one: WeekMeeting, other: WeekMeeting): boolean {
  return one.day === other.day && one.start < other.end && other.start < one.end
}
