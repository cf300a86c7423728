import { expect, it } from 'vitest'
import { numberOrNull, textOrNull, wordsOf } from './words'

it('reads a typed list', () => {
  expect(wordsOf(' INF, MAT ,,INF')).toEqual(['INF', 'MAT'])
  expect(wordsOf('  ')).toEqual([])
})

it('takes an empty field for nothing', () => {
  expect([textOrNull('  '), textOrNull(' a ')]).toEqual([null, 'a'])
  expect([numberOrNull(''), numberOrNull(null), numberOrNull('7'), numberOrNull(0)]).toEqual([null, null, 7, 0])
})
