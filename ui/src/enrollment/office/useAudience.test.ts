import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { useLanguage } from '@/i18n'
import { type Audience, useAudience } from './useAudience'

const EVERYBODY: Audience = { program: [], stage: [], group: [], min_ects: 0, max_ects: null }

function told(audience: Partial<Audience>): string {
  const view = mount({ setup: () => ({ words: useAudience()({ ...EVERYBODY, ...audience }) }), template: '<p>{{ words }}</p>' })
  return view.text()
}

afterEach(() => useLanguage('en'))

describe('the audience of a window in words', () => {
  it.each([
    [{}, 'everybody'],
    [{ max_ects: 36 }, 'everybody, up to 36 credits in the term'],
    [{ stage: [2], program: ['INF'], max_ects: 36 }, 'students of year 2, of INF, up to 36 credits in the term'],
    [{ program: ['INF', 'MAT'], group: ['erasmus'] }, 'students, of INF or MAT, in the group erasmus'],
    [{ stage: [1, 2, 3], min_ects: 1 }, 'students of year 1, 2, or 3, with at least 1 credit'],
    [{ max_ects: 0 }, 'everybody, up to 0 credits in the term'],
  ])('%o is %s', (audience, words) => {
    expect(told(audience)).toBe(words)
  })

  it('is told in Polish with Polish forms', async () => {
    await useLanguage('pl')

    expect(told({ stage: [2], program: ['INF'], min_ects: 1, max_ects: 22 })).toBe('studenci roku 2, z kierunku INF, z co najmniej 1 punktem ECTS, do 22 punktów ECTS w semestrze')
  })
})
