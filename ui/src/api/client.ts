import createClient, { type Middleware } from 'openapi-fetch'
import { sendPersistently } from './persistence'
import { refusalOf } from './problem'
import type { paths } from './schema'

let language = 'pl'

/** Ask for titles, reasons and remedies in this language from now on. */
export function speak(locale: string): void {
  language = locale
}

let signedOut: () => void = () => undefined

/** Be told when the session has ended on the server. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener
}

const habits: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', language)
    // No form of another site can send this header; the gateway asks for it beside the session's cookie.
    request.headers.set('X-CSRF', '1')
    return request
  },
  async onResponse({ response, schemaPath }) {
    if (response.ok || response.status === 304) return
    if (response.status === 401 && !schemaPath.startsWith('/api/v1/auth/')) signedOut()
    throw await refusalOf(response)
  },
}

/** The whole public API, typed by its document. A refusal is thrown as `Refused`, silence as `Unreachable`. */
export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: request => sendPersistently(request) })
api.use(habits)

/** Return the body of a successful answer. */
export async function body<T>(answer: Promise<{ data?: T }>): Promise<T> {
  const { data } = await answer
  return data as T
}

/** A record with the `ETag` that a change of it must name in `If-Match`. */
export interface Read<T> { data: T, etag: string }

export async function read<T>(answer: Promise<{ data?: T, response: Response }>): Promise<Read<T>> {
  const { data, response } = await answer
  return { data: data as T, etag: response.headers.get('etag') ?? '*' }
}

/** Names a change, so that it happens once however often it is sent. */
export function newKey(): string {
  // `randomUUID` is only for pages that came by https; a laptop's neighbors come by http.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')
}

/** Read every page of a list that is known to be short. */
export async function everyPage<T>(ask: (cursor: string | undefined) => Promise<{ items: T[], next: string | null }>, most = 2000): Promise<T[]> {
  const found: T[] = []
  let cursor: string | undefined
  do {
    const page = await ask(cursor)
    found.push(...page.items)
    cursor = page.next ?? undefined
  } while (cursor && found.length < most)
  return found
}
