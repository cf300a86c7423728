import { computed, ref } from 'vue'
import type { OfferingOut } from '@/api/schema'

const seenDepartments = ref(new Set<string>())
const seenLanguages = ref(new Set(['pl', 'en']))

/** Departments and languages as whatever was found so far has them; the API has no list of them. */
export function useKnownValues() {
  function learn(offerings: readonly OfferingOut[]): void {
    for (const { course, sections } of offerings) {
      if (course.department) seenDepartments.value.add(course.department)
      for (const { language } of sections) if (language) seenLanguages.value.add(language)
    }
  }

  /** A department as it is written where it is known; short ones are codes, and those are in capitals. */
  function asKnown(typed: string): string {
    const known = [...seenDepartments.value].find(code => code.toLowerCase() === typed.toLowerCase())
    return known ?? (typed.length <= 5 ? typed.toUpperCase() : typed)
  }

  return { departments: computed(() => [...seenDepartments.value].sort()), languages: computed(() => [...seenLanguages.value]), learn, asKnown }
}
