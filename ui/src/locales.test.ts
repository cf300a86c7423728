import { describe, expect, it } from 'vitest'

const FILES = import.meta.glob<string>('./locales/*/*.json', { query: '?raw', import: 'default', eager: true })

interface Tree { [key: string]: string | Tree }

function textsOf(tree: Tree, under = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) => typeof value === 'string' ? [[`${under}${key}`, value] as [string, string]] : textsOf(value, `${under}${key}.`))
}

function texts(language: string): Map<string, string> {
  const files = Object.entries(FILES).filter(([path]) => path.startsWith(`./locales/${language}/`))
  return new Map(files.flatMap(([path, raw]) => textsOf(JSON.parse(raw) as Tree, `${path.slice(13, -5)}: `)))
}

const english = texts('en')
const polish = texts('pl')
const formsOf = (text: string) => text.split(' | ').length
const namesIn = (text: string) => [...new Set(text.match(/\{\w+\}/g))].toSorted()

describe('the two languages', () => {
  it('have the same texts', () => {
    expect(english.size).toBeGreaterThan(300)
    expect([...polish.keys()].toSorted()).toEqual([...english.keys()].toSorted())
  })

  it('leave nothing empty', () => {
    expect([...english, ...polish].filter(([, text]) => !text.trim())).toEqual([])
  })

  it('count: where English has a plural, Polish has one form more', () => {
    const wrong = [...english].filter(([key, text]) => formsOf(text) > 1 ? formsOf(polish.get(key) ?? '') !== formsOf(text) + 1 : formsOf(polish.get(key) ?? '') > 1)
    expect(wrong.map(([key, text]) => [key, text, polish.get(key)])).toEqual([])
  })

  it('speak of the same things', () => {
    const wrong = [...english].filter(([key, text]) => String(namesIn(text)) !== String(namesIn(polish.get(key) ?? '')))
    expect(wrong.map(([key, text]) => [key, text, polish.get(key)])).toEqual([])
  })
})
