import { createI18n } from 'vue-i18n'
import { speak } from '@/api/client'
import type en from '@/locales/en'

export const LANGUAGES = ['pl', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

const KEPT = 'language'

const loaders: Record<Language, () => Promise<{ default: typeof en }>> = {
  pl: () => import('@/locales/pl'),
  en: () => import('@/locales/en'),
}
/** Texts that only some pages need; each part is told by a key that nothing else has. */
const PARTS = {
  staff: { key: 'office', pl: () => import('@/locales/pl/staff'), en: () => import('@/locales/en/staff') },
  account: { key: 'account', pl: () => import('@/locales/pl/account'), en: () => import('@/locales/en/account') },
}
export type Part = keyof typeof PARTS

/** Polish counts 1 plik, 2–4 (but not 12–14) pliki, and otherwise plików; with four forms the first is for zero. */
export function polishForm(count: number, forms: number): number {
  const index = count === 1 ? 0 : isFew(count) ? 1 : 2
  if (forms === 4) return count === 0 ? 0 : index + 1
  return Math.min(index, forms - 1)
}

function isFew(count: number): boolean {
  const ones = count % 10
  const tens = Math.floor(count / 10) % 10
  return ones >= 2 && ones <= 4 && tens !== 1
}

const FIRST: Language = 'pl'

export const i18n = createI18n({
  legacy: false,
  locale: FIRST,
  fallbackLocale: [],
  messages: {},
  pluralRules: { pl: polishForm },
})

export function chosenLanguage(): Language {
  const kept = localStorage.getItem(KEPT)
  const wanted = [kept, ...navigator.languages].map(tag => tag?.slice(0, 2))
  return LANGUAGES.find(language => language === wanted.find(tag => LANGUAGES.some(known => known === tag))) ?? 'en'
}

const wanted = new Set<Part>()

/** Speak this language from now on: texts, the API's answers, and what screen readers pronounce. */
export async function useLanguage(language: Language): Promise<void> {
  const { default: messages } = await loaders[language]()
  i18n.global.mergeLocaleMessage(language, messages)
  await Promise.all([...wanted].map(part => addTexts(part, language)))
  i18n.global.locale.value = language
  localStorage.setItem(KEPT, language)
  document.documentElement.lang = language
  speak(language)
}

/** Have the texts of a part, too: in this language now, and in whichever is spoken later. */
export async function useTexts(part: Part): Promise<void> {
  wanted.add(part)
  await addTexts(part, i18n.global.locale.value as Language)
}

/** Have the texts that only staff reads. */
export function useStaffTexts(): Promise<void> {
  return useTexts('staff')
}

async function addTexts(part: Part, language: Language): Promise<void> {
  if (PARTS[part].key in i18n.global.getLocaleMessage(language)) return
  const { default: messages } = await PARTS[part][language]()
  i18n.global.mergeLocaleMessage(language, messages)
}
