import { createI18n } from 'vue-i18n'
import { speak } from '@/api/client'
import type en from '@/locales/en'

export const LANGUAGES = ['pl', 'en'] as const
export type Language = (typeof LANGUAGES)[number]
export type Messages = typeof en

const KEPT = 'language'

const loaders: Record<Language, () => Promise<{ default: Messages }>> = {
  pl: () => import('@/locales/pl'),
  en: () => import('@/locales/en'),
}

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

/** Speak this language from now on: texts, the API's answers, and what screen readers pronounce. */
export async function useLanguage(language: Language): Promise<void> {
  const messages = await loaders[language]()
  i18n.global.setLocaleMessage(language, messages.default )
  i18n.global.locale.value = language
  localStorage.setItem(KEPT, language)
  document.documentElement.lang = language
  speak(language)
}
