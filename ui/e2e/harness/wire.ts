/** The network between a browser and the university, which can be cut at the worst moment. */
import { createServer, connect, type Server, type Socket } from 'node:net'

export class Wire {
  /** The requests that the university got before a cut, by their first line. */
  readonly delivered: string[] = []
  private readonly sockets = new Set<Socket>()
  private cutAt: RegExp | undefined
  private down = false

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {}

  /** Lay a wire to the university; its `url` is the same university through it. */
  static async laid(url: string): Promise<Wire> {
    const server = createServer()
    const wire = new Wire(server, new URL(url))
    server.on('connection', browser => { wire.join(browser) })
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    return wire
  }

  get url(): string {
    const address = this.server.address()
    if (address === null || typeof address === 'string') throw new Error('The wire was taken up.')
    return `http://127.0.0.1:${address.port}`
  }

  /**
   * Cut everything once the university has answered the next request, head and body, that is like this: it has done what
   * it was asked to, and nobody hears of it. The wire stays cut until it is mended.
   */
  cutAfter(request: RegExp): void {
    this.cutAt = request
  }

  /** Cut everything now. */
  cut(): void {
    this.down = true
    for (const socket of this.sockets) socket.destroy()
  }

  mend(): void {
    this.down = false
  }

  get isCut(): boolean {
    return this.down
  }

  async takeUp(): Promise<void> {
    this.cut()
    await new Promise(done => this.server.close(done))
  }

  private join(browser: Socket): void {
    if (this.down) {
      browser.destroy()
      return
    }
    const university = connect(Number(this.target.port), this.target.hostname)
    let doomed = false
    let request = ''
    this.keep(browser, university)
    browser.on('data', said => {
      const text = said.toString('latin1')
      // The body may come after the head; a connection carries one request after the other.
      request = /^[A-Z]+ \//.test(text) ? text : request + text
      if (this.cutAt?.test(request)) {
        this.cutAt = undefined
        this.delivered.push(request.split('\r\n', 1)[0] ?? '')
        doomed = true
      }
      university.write(said)
    })
    university.on('data', answer => {
      if (doomed) this.cut()
      else browser.write(answer)
    })
  }

  private keep(...ends: [Socket, Socket]): void {
    for (const end of ends) {
      this.sockets.add(end)
      end.on('error', () => undefined)
      end.on('close', () => {
        this.sockets.delete(end)
        for (const other of ends) other.destroy()
      })
    }
  }
}
