/** Reading a file of grades as the API will, to show beforehand what would be posted: pure. */
import { Refused } from '@/api/problem'
import type { RosterRowOut, ScaleOut } from '@/api/schema'
import { gradeOf, mayTryAgain } from './gradeSheet'

export type Doubt = 'column-missing' | 'row-ragged' | 'row-unreadable' | 'not-in-section' | 'named-twice' | 'grade-not-on-scale' | 'reason-missing'

/** A row of the file that tells a grade or is faulty: `fault` is the API's own words, `doubt` what is seen without asking. */
export interface Line { id: string, line: number, number: string, grade: string, before: RosterRowOut | undefined, doubt?: Doubt, fault?: string }

const DELIMITERS = [',', ';', '\t']
const COLUMNS = ['number', 'grade', 'reason'] as const
type Cells = Record<(typeof COLUMNS)[number], string>

/** What a file says of those on a roster, row by row; rows without a grade are passed over. */
export function previewed(text: string, roster: readonly RosterRowOut[], scale: ScaleOut): Line[] {
  const plain = text.replace(/^\uFEFF/, '')
  if (!plain.trim()) return []
  const { rows: [head, ...rows], open } = rowsOf(plain)
  if (open !== null) return [{ id: String(open), line: open, number: '', grade: '', before: undefined, doubt: 'row-unreadable' }]
  const names = (head?.cells ?? []).map(name => name.trim().toLowerCase())
  const missing = COLUMNS.slice(0, 2).filter(name => !names.includes(name))
  if (missing.length) return missing.map(name => ({ id: name, line: 1, number: '', grade: '', before: undefined, doubt: 'column-missing' as const }))
  const byNumber = new Map(roster.map(row => [row.number, row]))
  const seen = new Set<string>()
  return rows.filter(row => row.cells.some(cell => cell.trim())).flatMap(({ line, cells }) => {
    const id = String(line)
    if (cells.length !== names.length) return [{ id, line, number: cells.join(' '), grade: '', before: undefined, doubt: 'row-ragged' as const }]
    const told = Object.fromEntries(COLUMNS.map(name => [name, (cells[names.indexOf(name)] ?? '').trim()])) as Cells
    if (!told.grade) return []
    const before = byNumber.get(told.number)
    const doubt = seen.has(told.number) ? 'named-twice' : doubtOf(told, before, scale)
    seen.add(told.number)
    return [{ id, line, number: told.number, grade: gradeOf(scale, told.grade) ?? told.grade, before, ...(doubt ? { doubt } : {}) }]
  })
}

function doubtOf(told: Cells, before: RosterRowOut | undefined, scale: ScaleOut): Doubt | undefined {
  if (!before) return 'not-in-section'
  const grade = gradeOf(scale, told.grade)
  if (grade === null) return 'grade-not-on-scale'
  const stands = before.grade === null || grade === gradeOf(scale, before.grade) || mayTryAgain(scale, before.grade)
  return stands || told.reason ? undefined : 'reason-missing'
}

/** The lines with what the API found wrong; what it says of a line counts more than what was seen here. */
export function withFaults(lines: readonly Line[], error: unknown): Line[] {
  const faults = error instanceof Refused ? error.problem.errors ?? [] : []
  const said = new Map<number, string>()
  for (const { line, message } of faults) if (line) said.set(line, [said.get(line), message].filter(Boolean).join(' '))
  const known = lines.map(line => ({ ...line, ...(said.has(line.line) ? { fault: said.get(line.line) ?? '' } : {}) }))
  const untold = [...said].filter(([line]) => !lines.some(one => one.line === line))
  return [...known, ...untold.map(([line, fault]) => ({ id: `said ${line}`, line, number: '', grade: '', before: undefined, fault }))]
}

/** Rows of cells with the line on which each begins, whichever of the usual marks parts them; `open` is a row whose quotation mark is not closed. */
function rowsOf(text: string): { rows: { line: number, cells: string[] }[], open: number | null } {
  const first = text.split('\n', 1)[0] ?? ''
  const mark = DELIMITERS.toSorted((a, b) => first.split(b).length - first.split(a).length)[0]
  const rows: { line: number, cells: string[] }[] = []
  let [begun, line, cell, quoted]: [number, number, string, boolean] = [1, 1, '', false]
  let cells: string[] = []
  const endCell = () => {
    cells.push(cell)
    cell = ''
  }
  const endRow = () => {
    endCell()
    rows.push({ line: begun, cells })
    cells = []
  }
  for (let place = 0; place < text.length; place += 1) {
    const sign = text.charAt(place)
    if (sign === '"') {
      quoted = !quoted
      // Two quotation marks within quotation marks are one of the text.
      if (quoted && text.charAt(place - 1) === '"') cell += '"'
    } else if (!quoted && sign === mark) endCell()
    else if (!quoted && sign === '\n') {
      endRow()
      begun = line + 1
    } else if (sign !== '\r') cell += sign
    if (sign === '\n') line += 1
  }
  endRow()
  return { rows, open: quoted ? begun : null }
}
