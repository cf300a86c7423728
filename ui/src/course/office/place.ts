/** Where in a text reading failed, with the line around it. */
export interface Place { line: number, column: number, before: string, at: string, after: string, start: number, end: number }

/** Find a place by its position, which counts characters, not the units in which browsers select. */
export function placeOf(text: string, position: number): Place {
  const characters = Array.from(text)
  const start = characters.slice(0, position).join('').length
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const newline = text.indexOf('\n', start)
  const lineEnd = newline === -1 ? text.length : newline
  // The whole word is marked, since it is what has to be mended; at the end of a line there is none.
  const word = /^(?:[^\s(),"]+|.)/u.exec(text.slice(start, lineEnd))?.[0] ?? ''
  return {
    line: text.slice(0, start).split('\n').length,
    column: Array.from(text.slice(lineStart, start)).length + 1,
    before: text.slice(lineStart, start),
    at: word,
    after: text.slice(start + word.length, lineEnd),
    start,
    end: start + word.length,
  }
}

const RESERVED = new Set(['AND', 'OR', 'NOT', 'OF', 'IN', 'WITHIN', 'WITH', 'CONCURRENT', 'PROGRESS', 'TERMS', 'CREDITS', 'GPA', 'TEST', 'PROGRAM', 'STAGE', 'GROUP', 'CONSENT'])

/** A course's code as it stands in requisites: in quotation marks where it would be misread without. */
export function spelled(code: string): string {
  const words = code.split(' ')
  const plain = words.every(word => /^[\p{L}\p{M}\p{N}\-._+]+$/u.test(word) && !RESERVED.has(word.toUpperCase()))
  return plain ? code : `"${code}"`
}

/** Put a piece into a text instead of what is selected, with blanks around it where words would run together. */
export function inserted(text: string, start: number, end: number, piece: string): { text: string, cursor: number } {
  const before = text.slice(0, start)
  const after = text.slice(end)
  const left = before === '' || /[\s(]$/.test(before) || piece === ')' ? '' : ' '
  const right = /^[\s),]/.test(after) || piece.endsWith('(') ? '' : ' '
  return { text: before + left + piece + right + after, cursor: (before + left + piece + right).length }
}
