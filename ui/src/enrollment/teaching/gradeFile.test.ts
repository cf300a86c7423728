import { expect, it } from 'vitest'
import { Refused } from '@/api/problem'
import type { RosterRowOut, ScaleOut } from '@/api/schema'
import { previewed, withFaults } from './gradeFile'

const PL: ScaleOut = { name: 'pl', attempts: 2, failing: ['2.0'], allowed: ['2.0', '3.0', '4.5'] }
const ROSTER = [['100', null], ['200', '3.0'], ['300', '2.0']].map(([number, grade]) => ({ enrollment_id: `e${number ?? ''}`, number, grade }) as RosterRowOut)
const seen = (text: string) => previewed(text, ROSTER, PL).map(({ line, number, grade, doubt }) => [line, number, grade, doubt])

it('reads what spreadsheets save, passing over rows without a grade', () => {
  expect(seen('\uFEFFnumber;name;Grade\r\n100;"Żak; ""Ania""\r\nAnna";4,5\r\n200;Lis;\r\n')).toEqual([[2, '100', '4.5', undefined]])
  expect(seen('number,name,grade\n100,"Żak, Anna","4,5"')).toEqual([[2, '100', '4.5', undefined]])
  expect(seen('number\tgrade\n100\t3\n\n300\t3.0')).toEqual([[2, '100', '3.0', undefined], [4, '300', '3.0', undefined]])
  expect(seen('  ')).toEqual([])
})

it('tells what is faulty, and where', () => {
  expect(seen('number;grade\n100;6\n999;3.0\n200;4.5\n100;3.0\n300;3.0;x')).toEqual([
    [2, '100', '6', 'grade-not-on-scale'],
    [3, '999', '3.0', 'not-in-section'],
    [4, '200', '4.5', 'reason-missing'],
    [5, '100', '3.0', 'named-twice'],
    [6, '300 3.0 x', '', 'row-ragged'],
  ])
  expect(seen('number;grade;reason\n200;4.5;Added up wrongly')).toEqual([[2, '200', '4.5', undefined]])
  expect(previewed('numer;ocena\n100;3', ROSTER, PL).map(({ id, doubt }) => [id, doubt])).toEqual([['number', 'column-missing'], ['grade', 'column-missing']])
  expect(seen('number;grade\n"100;3.0')).toEqual([[2, '', '', 'row-unreadable']])
})

it('lets the API have the last word on each line', () => {
  const errors = [{ field: 'number', line: 2, message: 'Nobody.' }, { field: 'grade', line: 2, message: 'No grade.' }, { field: '', line: 9, message: 'Ragged.' }]
  const refused = new Refused({ type: 'about:blank', title: '', status: 422, code: 'grades-refused', errors })

  expect(withFaults(previewed('number;grade\n100;3.0\n300;3.0', ROSTER, PL), refused).map(({ line, fault }) => [line, fault])).toEqual([[2, 'Nobody. No grade.'], [3, undefined], [9, 'Ragged.']])
})
