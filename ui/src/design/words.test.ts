import { expect, it } from 'vitest'
import { numberOrNull, saidOf, textOrNull, wordsOf } from './words'

it('reads a typed list', () => {
  expect(wordsOf(' INF, MAT ,,INF')).toEqual(['INF', 'MAT'])
  expect(wordsOf('  ')).toEqual([])
})

it('takes an empty field for nothing', () => {
  expect([textOrNull('  '), textOrNull(' a ')]).toEqual([null, 'a'])
  expect([numberOrNull(''), numberOrNull(null), numberOrNull('7'), numberOrNull(0)]).toEqual([null, null, 7, 0])
})

it('says what a field holds', () => {
  expect([['INF', 'MAT'], 3, 'Ta sama', '2026-10-01T08:00', null, ''].map(saidOf)).toEqual(['INF, MAT', '3', 'Ta sama', '2026-10-01 08:00', '', ''])
})
