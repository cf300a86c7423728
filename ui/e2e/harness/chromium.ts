/** The machine's own Chromium: no browser is ever downloaded. */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']

/** Without a sandbox, because containers and CI run as root; nothing is visited but our own pages. */
export const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Find Chromium where `CHROMIUM` or the path names it; without one Playwright tells what is missing. */
export function chromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const places = [process.env.CHROMIUM ?? '', ...folders.flatMap(folder => NAMES.map(name => join(folder, name)))]
  return places.find(place => place && runnable(place))
}

function runnable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
