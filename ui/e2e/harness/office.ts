/** The registrar's office beside the browser: makes the facts that a test needs, through the public API. */
import { randomUUID } from 'node:crypto'

/** An answer as JSON; tests know what they asked for. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what the API tells is judged by what the test does with it
export type Told = any

export interface Student {
  id: string
  number: string
}

export interface Offered {
  course: Told
  offering: Told
  sections: Told[]
}

/** A weekly meeting in all weeks. */
export function meeting(day: string, start: string, end: string, facts: object = {}): object {
  return { component: 'lecture', days: [day], start, end, weeks: 'all', ...facts }
}

export class Office {
  /** Told apart from what other tests make, in codes and numbers. */
  readonly mark = randomUUID().slice(0, 8)
  private readonly tokens = new Map<string, Promise<string>>()
  private made = 0

  constructor(readonly url: string) {}

  /** Ask the API as somebody; throws with the API's own words unless it agrees. */
  async ask(method: string, path: string, body?: unknown, who = 'registrar', headers: object = {}): Promise<Told> {
    const told = {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${await this.token(who)}`,
      ...(method === 'PATCH' || method === 'PUT' || method === 'DELETE' ? { 'If-Match': '*' } : {}),
      ...headers,
    }
    const answer = await fetch(`${this.url}/api/v1${path}`, { method, headers: told, body: JSON.stringify(body) })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path} as ${who}: ${answer.status} ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }

  get(path: string, who?: string): Promise<Told> {
    return this.ask('GET', path, undefined, who)
  }

  post(path: string, body: unknown, who?: string, headers?: object): Promise<Told> {
    return this.ask('POST', path, body, who, headers)
  }

  /** Ask until it is as expected: views lag behind what changes by a moment. */
  async eventually(path: string, holds: (told: Told) => boolean, who?: string): Promise<Told> {
    const until = Date.now() + 20_000
    for (;;) {
      const told = await this.get(path, who)
      if (holds(told)) return told
      if (Date.now() > until) throw new Error(`${path} never became as expected: ${JSON.stringify(told)}`)
      await new Promise(wait => setTimeout(wait, 100))
    }
  }

  /** The term of the generated university in which everybody may register now. */
  async term(): Promise<Told> {
    const windows = await this.get('/registration-windows?limit=1')
    return this.get(`/terms/${windows.items[0].term_id}`)
  }

  /** A new active student, who signs in by the number with the password `demo`. */
  async student(facts: object = {}): Promise<Student> {
    const number = this.code('S')
    const named = { number, given_name: 'Żaneta', family_name: 'Próbna', email: `${number}@example.edu` }
    const { id } = await this.post('/students', { ...named, ...facts })
    return { id: id as string, number }
  }

  /** A new course. */
  course(facts: object = {}): Promise<Told> {
    const code = this.code('PRO')
    return this.post('/courses', { code, title: `Course ${code}`, ects: 3, ...facts })
  }

  /**
   * A new course, offered with sections such as `{ capacity: 1, meetings: [meeting(...)] }`: in the open term, unless
   * the facts of the offering name another.
   */
  async offered(sections: object[] = [{}], facts: object = {}, offered: object = {}): Promise<Offered> {
    const course = await this.course(facts)
    const term = await this.term()
    const offering = await this.post('/offerings', { course_id: course.id, term_id: term.id, ...offered })
    const made: Told[] = []
    for (const [index, section] of sections.entries()) {
      const plain = { offering_id: offering.id, number: `${index + 1}`, component: 'lecture', capacity: 30 }
      made.push(await this.post('/sections', { ...plain, ...section }))
    }
    return { course, offering, sections: made }
  }

  /** Give a student a place, as the student asks for it. */
  enrolled(student: Student, ...sectionIds: string[]): Promise<Told> {
    return this.post('/enrollments', { student_id: student.id, section_ids: sectionIds }, student.number)
  }

  /** Carry out changes that a student asks for; returns what became of each, and fails unless all are. */
  async requested(student: Student, ...items: object[]): Promise<Told[]> {
    const term = await this.term()
    const told = await this.post('/registration-requests', { student_id: student.id, term_id: term.id, items }, student.number)
    if (told.outcome !== 'accepted') throw new Error(`${JSON.stringify(items)}: ${JSON.stringify(told)}`)
    return (told.items as Told[]).map(item => item.enrollment)
  }

  /** Let a student wait for a bundle. */
  async waits(student: Student, ...sectionIds: string[]): Promise<Told> {
    return (await this.requested(student, { action: 'add', section_ids: sectionIds, waitlist: true }))[0]
  }

  /** The bearer token of a demo account, or of a student by number. */
  token(who: string): Promise<string> {
    const known = this.tokens.get(who)
    if (known) return known
    const given = this.signIn(who)
    this.tokens.set(who, given)
    return given
  }

  private async signIn(username: string): Promise<string> {
    const answer = await fetch(`${this.url}/api/v1/auth/token`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ username, password: 'demo' }),
    })
    if (!answer.ok) throw new Error(`Signing in as ${username}: ${answer.status} ${await answer.text()}`)
    return ((await answer.json()) as { access_token: string }).access_token
  }

  private code(prefix: string): string {
    this.made += 1
    return `${prefix}-${this.mark}-${this.made}`.toUpperCase()
  }
}
