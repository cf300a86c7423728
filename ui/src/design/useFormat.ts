import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { timezone } from './zone'

/** Dates, times and numbers in the reader's language; instants in the university's time zone. */
export function useFormat() {
  const { locale } = useI18n()
  const formats = computed(() => formatsOf(locale.value, timezone.value))
  return {
    /** `2026-10-01`, a day without a time zone. */
    date: (day: string) => formats.value.date.format(noon(day)),
    shortDate: (day: string) => formats.value.shortDate.format(noon(day)),
    /** Day and month with the month's name, so that nobody takes one for the other. */
    dayMonth: (day: string) => formats.value.dayMonth.format(noon(day)),
    weekday: (day: string) => formats.value.weekday.format(noon(day)),
    /** An RFC 3339 instant. */
    instant: (moment: string) => formats.value.instant.format(new Date(moment)),
    time: (moment: string) => formats.value.time.format(new Date(moment)),
    number: (value: number) => formats.value.number.format(value),
    /** Bytes. */
    size: (bytes: number) => (bytes < 1_000_000 ? `${formats.value.number.format(Math.ceil(bytes / 1000))} kB` : `${formats.value.number.format(bytes / 1_000_000)} MB`),
    list: (values: string[]) => formats.value.list.format(values),
    /** One of several: `A, B or C`. */
    either: (values: string[]) => formats.value.either.format(values),
  }
}

function formatsOf(locale: string, timeZone: string) {
  return {
    date: new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }),
    shortDate: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'numeric', timeZone: 'UTC' }),
    dayMonth: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }),
    weekday: new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }),
    instant: new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone }),
    time: new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone }),
    number: new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }),
    list: new Intl.ListFormat(locale, { type: 'conjunction' }),
    either: new Intl.ListFormat(locale, { type: 'disjunction' }),
  }
}

function noon(day: string): Date {
  return new Date(`${day}T12:00:00Z`)
}
