import { expect, it } from 'vitest'
import { erasureOf } from './erasure'

it.each([
  ['active', 'here'],
  ['on-leave', 'here'],
  ['suspended', 'here'],
  ['graduated', 'possible'],
  ['withdrawn', 'possible'],
] as const)('of somebody who is %s: %s', (status, told) => {
  expect(erasureOf({ id: 'i', number: '7', status })).toBe(told)
})

it('nobody is forgotten twice', () => {
  expect(erasureOf({ id: 'i', number: 'x-i', status: 'graduated' })).toBe('gone')
})
