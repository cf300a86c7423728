import { expect, test } from 'vitest'
import { pageAbout } from './about'

test('news about a place leads to the registration of its term', () => {
  expect(pageAbout('offered', '2026Z')).toEqual({ name: 'registration', to: { path: '/registration', query: { term: '2026Z' } } })
  expect(pageAbout('window-opens', undefined)?.to).toEqual({ path: '/plan', query: {} })
})

test('grades are in the transcript, answers among the requests', () => {
  expect(pageAbout('grade-posted', '2026Z')?.to).toEqual({ path: '/transcript', query: {} })
  expect(pageAbout('consent-answered', '2026Z')?.name).toBe('requests')
})

test('news of a kind that these pages do not know leads nowhere', () => {
  expect(pageAbout('library-fee', '2026Z')).toBeNull()
})
