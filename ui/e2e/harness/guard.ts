/** What a page must never do, whatever is tested: each thing noticed fails the test that it happened in. */
import type { BrowserContext, ConsoleMessage } from '@playwright/test'

/** The browser itself reports each refusal of the API on the console; the page tells them to a person. */
const REFUSED = /^Failed to load resource: the server responded with a status of (401|403|409|412|422|428) /

export class Guard {
  private readonly noticed: string[] = []
  private readonly expected: RegExp[] = []

  constructor(readonly origins: Set<string>) {}

  /** Let pass what the test itself brings about, such as a connection that breaks off. */
  expects(fault: RegExp): void {
    this.expected.push(fault)
  }

  /** Watch whatever happens in a context. */
  async watch(context: BrowserContext): Promise<void> {
    context.on('console', message => { this.hear(message) })
    context.on('weberror', fault => {
      this.noticed.push(`exception: ${fault.error().stack ?? fault.error().message}`)
    })
    context.on('request', request => { this.see(request.url()) })
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', event => {
        // eslint-disable-next-line no-console -- this is how the page tells the guard
        console.error(`CSP: ${event.violatedDirective} refuses ${event.blockedURI} ${event.sample}`)
      })
    })
  }

  /** Return what was noticed and not expected. */
  get faults(): string[] {
    return this.noticed.filter(fault => !this.expected.some(pattern => pattern.test(fault)))
  }

  private hear(message: ConsoleMessage): void {
    if (!['error', 'warning', 'assert'].includes(message.type())) return
    const refusedByApi = REFUSED.test(message.text()) && new URL(message.location().url).pathname.startsWith('/api/')
    if (!refusedByApi) this.noticed.push(`console ${message.type()}: ${message.text()} (${message.location().url})`)
  }

  private see(url: string): void {
    if (!/^(data|blob):/.test(url) && !this.origins.has(new URL(url).origin)) this.noticed.push(`request to ${url}`)
  }
}
