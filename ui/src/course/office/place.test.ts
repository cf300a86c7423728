import { describe, expect, it } from 'vitest'
import { inserted, placeOf, spelled } from './place'

describe('the place of a fault', () => {
  it('is the word that begins there, with the line around it', () => {
    expect(placeOf('A >= 3.0\nAND B and C', 15)).toEqual({ line: 2, column: 7, before: 'AND B ', at: 'and', after: ' C', start: 15, end: 18 })
  })

  it('is after everything where something is missing at the end', () => {
    expect(placeOf('A AND', 5)).toMatchObject({ line: 1, column: 6, before: 'A AND', at: '', after: '' })
    expect(placeOf('A AND\n', 6)).toMatchObject({ line: 2, column: 1, before: '', at: '' })
  })

  it('counts characters as the API does, also those that browsers count twice', () => {
    const text = '"𝐀𝐁" & B'

    expect(placeOf(text, 5)).toMatchObject({ column: 6, at: '&', start: 7 })
    expect(text.slice(7, 8)).toBe('&')
  })
})

describe('help with writing', () => {
  it('puts codes in quotation marks where they would be misread', () => {
    expect(['MATH-101', 'CSE 100A', 'ŻÓŁ 1', 'IN-1', 'DESIGN WITH C', 'A/B'].map(spelled)).toEqual(['MATH-101', 'CSE 100A', 'ŻÓŁ 1', 'IN-1', '"DESIGN WITH C"', '"A/B"'])
  })

  it('keeps words apart and puts the cursor behind what it wrote', () => {
    expect(inserted('A', 1, 1, 'AND')).toEqual({ text: 'A AND ', cursor: 6 })
    expect(inserted('', 0, 0, '2 OF (')).toEqual({ text: '2 OF (', cursor: 6 })
    expect(inserted('2 OF (', 6, 6, 'B')).toEqual({ text: '2 OF (B ', cursor: 8 })
    expect(inserted('A X B', 2, 3, 'OR')).toEqual({ text: 'A OR B', cursor: 4 })
    expect(inserted('(A', 2, 2, ')')).toEqual({ text: '(A) ', cursor: 4 })
  })
})
