import { expect, it } from 'vitest'
import { fileOf } from './personalData'

it.each([
  ['attachment; filename="student-01980a3e.json"', 'student-01980a3e.json'],
  ['attachment; filename="../evil"', 'student.json'],
  ['attachment', 'student.json'],
  [null, 'student.json'],
])('%s is saved as %s', (disposition, name) => {
  expect(fileOf(disposition)).toBe(name)
})
