import { expect, it } from 'vitest'
import { csv } from './csv'

it('quotes what would break a row', () => {
  expect(csv([['a,b', 'say "x"'], ['two\nlines', 7]])).toBe('\uFEFF"a,b","say ""x"""\r\n"two\nlines",7\r\n')
})

it('gives no formulas to spreadsheets', () => {
  expect(csv([['=HYPERLINK("x")', '-1', '@me', '+48']])).toBe('\uFEFF"\'=HYPERLINK(""x"")",\'-1,\'@me,\'+48\r\n')
})
