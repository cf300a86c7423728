import { describe, expect, it } from 'vitest'
import type { LocationQuery } from 'vue-router'
import { asked, filtersOf, wordsOf } from './filters'

describe('the filters of an address', () => {
  it('are read', () => {
    expect(filtersOf({ q: 'x', day: 'mon', from: '08:00', ects: '2.5', open: '1', term: '2026Z' })).toEqual({ day: 'mon', from: '08:00', ects: '2.5', open: '1' })
  })

  it.each<LocationQuery>([{ day: 'someday' }, { from: '25:00' }, { ects: '-1' }, { ects: '301' }, { ects: 'many' }, { open: 'yes' }, { department: '' }, { department: ['A', 'B'] }, { department: 'x'.repeat(121) }])('are ignored where they make no sense: %o', (query) => {
    expect(filtersOf(query)).toEqual({})
  })

  it('become a question, but for what the server cannot judge', () => {
    expect(asked('kino', { ects: '3', open: '1', fits: '1' })).toEqual({ q: 'kino', ects: 3, open: true })
  })

  it('come with words that are short enough to be asked', () => {
    expect([wordsOf({ q: '  algebra ' }), wordsOf({}), wordsOf({ q: 'x'.repeat(300) }).length]).toEqual(['algebra', '', 200])
  })
})
