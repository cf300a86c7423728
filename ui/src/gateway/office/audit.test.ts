import { describe, expect, it } from 'vitest'
import type { DeedOut } from '@/api/schema'
import { i18n } from '@/i18n'
import { askedOf, type Filters, moduleOf, named, OPERATIONS, shortened, termsOf } from './audit'

const NOTHING: Filters = { module: '', actor: '', student: '', operation: '', kind: '', since: '', until: '' }
const DEED: DeedOut = { id: '1', at: '2026-10-01T08:00:00Z', actor: 'x', roles: [], operation: 'place_hold', kind: 'change', target: {}, students: [], reason: null, terms: { effects: ['block-add'], rules: 'no list' }, trace_id: null }

describe('what is asked', () => {
  it('is everything when nothing is filtered', () => {
    expect(Object.values(askedOf(NOTHING, 'Europe/Warsaw')).filter(one => one !== undefined)).toEqual([])
  })

  it('covers whole days at the university, the last one and the night when clocks go back included', () => {
    expect(askedOf({ ...NOTHING, since: '2026-10-24', until: '2026-10-25' }, 'Europe/Warsaw')).toMatchObject({ since: '2026-10-23T22:00:00Z', until: '2026-10-25T23:00:00Z' })
  })

  it('leaves what is no day for the API to refuse, and passes over a kind that is none', () => {
    expect(askedOf({ ...NOTHING, until: 'soon', kind: 'xyzzy' }, 'Europe/Warsaw')).toMatchObject({ until: 'soonT00:00', kind: undefined })
  })

  it('is asked of the students’ module unless another is chosen', () => {
    expect([moduleOf(NOTHING), moduleOf({ ...NOTHING, module: 'gateway' }), moduleOf({ ...NOTHING, module: 'xyzzy' })]).toEqual(['student', 'gateway', 'student'])
  })
})

it('ids are shortened by their beginning, names are not', () => {
  expect([shortened('01980a3e-5d3c-7a31-8a44-0e2b1c9f6d10'), shortened('registrar')]).toEqual(['…1c9f6d10', 'registrar'])
})

it('what a deed names is told as a list, or not at all', () => {
  expect([termsOf(DEED, 'effects'), termsOf(DEED, 'rules'), termsOf(DEED, 'roles')]).toEqual([['block-add'], [], []])
})

it('what there are no words for keeps its name', () => {
  expect(['command-line', 'registrar', '…1c9f6d10', 'a.b'].map(actor => named('admin.audit.systems', actor))).toEqual(['the command line', 'registrar', '…1c9f6d10', 'a.b'])
  expect(named('office.accounts.role', 'registrar')).toBe('Registrar')
})

it('every operation has words of its own', () => {
  const words = Object.values(OPERATIONS).flat().map(operation => i18n.global.t(`admin.audit.operations.${operation}`))

  expect(words.filter(text => text.includes('admin.audit'))).toEqual([])
  expect(new Set(words).size).toBe(words.length)
})
