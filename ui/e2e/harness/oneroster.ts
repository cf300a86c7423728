/** Small OneRoster zips, as another system of the university would export them. */
import { crc32 } from 'node:zlib'

type Row = Record<string, string>
export type Tables = Record<string, Row[]>

/** A term, a department, courses with a section each, and students who are enrolled in the first of them. */
export function campus(mark: string, students = 3): Tables {
  const codes = ['1', '2'].map(number => `OR-${mark}-${number}`)
  const people = Array.from({ length: students }, (_, place) => `${mark}-${place + 1}`)
  return {
    academicSessions: [{ sourcedId: `t-${mark}`, title: `Zima ${mark}`, type: 'term', startDate: '2031-10-01', endDate: '2032-01-31', parentSourcedId: '', 'metadata.code': `T-${mark}` }],
    orgs: [{ sourcedId: `o-${mark}`, name: `Wydział ${mark}`, type: 'department', identifier: `D${mark}`, parentSourcedId: '' }],
    courses: codes.map(code => ({ sourcedId: `c-${code}`, title: `Żółta analiza ${code}`, courseCode: code, orgSourcedId: `o-${mark}`, 'metadata.credits': '5', 'metadata.description': '', 'metadata.requisites': '' })),
    classes: codes.map(code => ({ sourcedId: `k-${code}`, title: 'Grupa 1', classCode: '1', courseSourcedId: `c-${code}`, termSourcedIds: `t-${mark}`, schoolSourcedId: '', 'metadata.capacity': '30', 'metadata.meetings': '[]' })),
    users: people.map(one => ({ sourcedId: `u-${one}`, givenName: 'Łucja', familyName: 'Źrebak', identifier: one, email: `${one}@example.edu`, 'metadata.program': 'INF', 'metadata.year': '1' })),
    roles: people.map(one => ({ sourcedId: `r-${one}`, userSourcedId: `u-${one}`, role: 'student', orgSourcedId: `o-${mark}` })),
    enrollments: people.slice(0, 3).map(one => ({ sourcedId: `e-${one}`, classSourcedId: `k-${codes[0]}`, schoolSourcedId: '', userSourcedId: `u-${one}`, role: 'student', primary: '', beginDate: '2031-10-01' })),
  }
}

/** The tables as one zip. */
export function zipped(tables: Tables): Buffer {
  const entries = Object.entries(tables).map(([name, rows]) => ({ name: Buffer.from(`${name}.csv`), content: Buffer.from(csv(rows)) }))
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, content } of entries) {
    const facts = factsOf(name, content)
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), facts, name, content])
    const attributes = Buffer.alloc(14)
    attributes.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('504b01021400', 'hex'), facts, attributes, name]))
    files.push(local)
    offset += local.length
  }
  return Buffer.concat([...files, ...directory, endOf(entries.length, Buffer.concat(directory).length, offset)])
}

/** What a zip tells of a file in both places: version, sizes, checksum. */
function factsOf(name: Buffer, content: Buffer): Buffer {
  const facts = Buffer.alloc(26)
  facts.writeUInt16LE(20, 0)
  facts.writeUInt16LE(33, 8)
  facts.writeUInt32LE(crc32(content), 10)
  facts.writeUInt32LE(content.length, 14)
  facts.writeUInt32LE(content.length, 18)
  facts.writeUInt16LE(name.length, 22)
  return facts
}

function endOf(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22)
  end.write('504b0506', 'hex')
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  return end
}

function csv(rows: Row[]): string {
  const columns = [...new Set(rows.flatMap(row => ['sourcedId', 'status', ...Object.keys(row)]))]
  const lines = rows.map(row => columns.map(column => quoted(column === 'status' ? (row.status ?? 'active') : (row[column] ?? ''))).join(','))
  return [columns.join(','), ...lines, ''].join('\r\n')
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
