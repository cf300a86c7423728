import { expect, test } from 'vitest'
import { adding, type Edit, naming, removing, replacing } from './planItems'

const content = { name: 'Mine', items: [{ section_ids: ['a', 'b'] }, { section_ids: ['c'] }] }
const bundles = (edit: Edit) => edit(content).items.map(item => item.section_ids)

test('a bundle is wished for once, in whatever order its sections are named', () => {
  expect(bundles(adding(['d']))).toEqual([['a', 'b'], ['c'], ['d']])
  expect(bundles(adding(['b', 'a']))).toEqual([['a', 'b'], ['c']])
})

test('another bundle takes the place of one', () => {
  expect(bundles(replacing(['b', 'a'], ['a', 'd']))).toEqual([['a', 'd'], ['c']])
})

test('a bundle without sections leaves the plan', () => {
  expect(bundles(replacing(['c'], []))).toEqual([['a', 'b']])
})

test('several bundles leave at once, and what is not there stays away', () => {
  expect(bundles(removing([['c'], ['z']]))).toEqual([['a', 'b']])
})

test('a name changes nothing else', () => {
  expect(naming('Other')(content)).toEqual({ ...content, name: 'Other' })
})
