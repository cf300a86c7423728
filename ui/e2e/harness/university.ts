/** The real single process with the generated university: started for these tests, unless one is named. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const PROGRAM = resolve(import.meta.dirname, '../../../.venv/bin/university')
const PATIENCE_MS = 90_000

/** Start a university in a folder of its own and name it to the tests; returns what ends it. */
export default async function start(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.UNIVERSITY_UI_URL) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'university-ui-'))
  const port = await freePorts()
  const log = join(folder, 'process.log')
  const out = openSync(log, 'a')
  const running = spawn(PROGRAM, ['run'], {
    env: { ...process.env, UNIVERSITY_PORT: `${port}`, UNIVERSITY_DATA_DIR: join(folder, 'data') },
    stdio: ['ignore', out, out],
    detached: true,
  })
  const stop = async () => {
    await ended(running)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await ready(port + 1, running, log)
  } catch (problem) {
    await stop()
    throw problem
  }
  process.env.UNIVERSITY_UI_URL = `http://127.0.0.1:${port}`
  return stop
}

async function ready(port: number, running: ChildProcess, log: string): Promise<void> {
  const until = Date.now() + PATIENCE_MS
  while (Date.now() < until && running.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined)
    if (answer?.ok) return
    await new Promise(wait => setTimeout(wait, 100))
  }
  throw new Error(`The university did not start:\n${readFileSync(log, 'utf8').slice(-3000)}`)
}

/** Ends the whole group: a server and its master. */
async function ended(running: ChildProcess): Promise<void> {
  if (running.exitCode !== null || running.pid === undefined) return
  const gone = new Promise(done => running.once('exit', done))
  process.kill(-running.pid, 'SIGKILL')
  await gone
}

/** Return a free port whose successor is free, too. */
async function freePorts(): Promise<number> {
  for (;;) {
    const port = 10_000 + 2 * Math.floor(Math.random() * 11_000)
    if ((await free(port)) && (await free(port + 1))) return port
  }
}

function free(port: number): Promise<boolean> {
  return new Promise(answer => {
    const server = createServer()
    server.once('error', () => { answer(false) })
    server.listen(port, '127.0.0.1', () => server.close(() => { answer(true) }))
  })
}
