import { ref } from 'vue'
import { Unreachable } from './problem'

/** What a person is told while requests are asked again: nothing, that the network is away, or that the server is busy. */
export type Trouble = 'network' | 'busy' | null

export const trouble = ref<Trouble>(null)

const PAUSES = [500, 1000, 2000, 4000, 8000]
const PATIENCE = 120_000
const BUSY = new Set([502, 503, 504])

/**
 * Send a request until it is answered.
 *
 * Only what may be sent twice is sent twice: readings and searches, and changes with an `Idempotency-Key`, which the server
 * carries out once however often they arrive. Rejects with `Unreachable` when no answer came within two minutes.
 */
export async function sendPersistently(request: Request, send: (request: Request) => Promise<Response> = fetch): Promise<Response> {
  const until = Date.now() + PATIENCE
  for (let attempt = 0; ; attempt++) {
    const outcome = await once(request.clone(), send)
    const again = isRepeatable(request) && Date.now() < until && !request.signal.aborted
    if (outcome instanceof Response) {
      if (!again || !BUSY.has(outcome.status)) {
        trouble.value = null
        return outcome
      }
      trouble.value = 'busy'
    } else {
      if (!again) throw outcome
      trouble.value = 'network'
    }
    await pause(outcome, attempt, request.signal)
  }
}

function isRepeatable(request: Request): boolean {
  return request.method === 'GET' || request.headers.has('Idempotency-Key') || new URL(request.url).pathname.endsWith('/search')
}

async function once(request: Request, send: (request: Request) => Promise<Response>): Promise<Response | Unreachable> {
  try {
    const response = await send(request)
    // A connection that breaks off in the middle of an answer is no answer.
    const body = await response.arrayBuffer()
    return new Response(hasBody(response.status) ? body : null, { status: response.status, statusText: response.statusText, headers: response.headers })
  } catch (error) {
    if (request.signal.aborted) throw error
    return new Unreachable(error)
  }
}

function hasBody(status: number): boolean {
  return ![204, 205, 304].includes(status)
}

/** Wait as long as the server asks, or longer each time; the return of the network ends the wait. */
function pause(outcome: Response | Unreachable, attempt: number, signal: AbortSignal): Promise<void> {
  const asked = outcome instanceof Response ? Number(outcome.headers.get('retry-after')) * 1000 : 0
  const milliseconds = Math.max(asked || 0, PAUSES[Math.min(attempt, PAUSES.length - 1)] ?? 0)
  return new Promise((resolve) => {
    const timer = setTimeout(done, milliseconds)
    function done() {
      clearTimeout(timer)
      window.removeEventListener('online', done)
      signal.removeEventListener('abort', done)
      resolve()
    }
    window.addEventListener('online', done)
    signal.addEventListener('abort', done)
  })
}
