import type { Router } from 'vue-router'

/** Open a page anew whose files are gone: after a release they have other names, which the server's first page knows. */
export function openAnewWhatIsGone(router: Router, open: (address: string) => void = address => window.location.assign(address)): void {
  router.onError(async (_error, to, from) => {
    // The first page of a visit came from the server a moment ago: opening it again would go on forever.
    if (from.matched.length === 0) return
    // While nobody answers, the page that is there is worth more than the browser's own words.
    const answers = await fetch(to.fullPath, { method: 'HEAD' }).then(answer => answer.ok, () => false)
    if (answers) open(to.fullPath)
  })
}
