import { expect, it } from 'vitest'
import { bodyOf, EMPTY, formOf } from './studentForm'

const STUDENT = { number: '7', given_name: 'Żaneta', family_name: 'Źdźbło', email: 'z@example.edu', program: 'INF', stage: 2, level: null, status: 'active' as const, groups: ['erasmus', 'azs'], max_ects: 30.5 }

it('a form that nobody touched says what the student is', () => {
  expect(bodyOf(formOf({ id: 'x', version: 1, external_key: null, ...STUDENT }))).toEqual(STUDENT)
})

it('emptied fields mean that nothing is known', () => {
  expect(bodyOf({ ...EMPTY, stage: '', max_ects: '', program: ' ' })).toMatchObject({ program: null, stage: null, level: null, groups: [], max_ects: null })
})
