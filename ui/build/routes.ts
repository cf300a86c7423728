/** Tells those who serve the pages which addresses are pages: everything else is an address that nobody knows. */
import { resolve } from 'node:path'
import { runnerImport, type Plugin } from 'vite'
import type { RouteRecordRaw } from 'vue-router'

/** Write `routes.json`, the patterns of the router without the one for whatever it does not know. */
export function routesFile(root: string): Plugin {
  return {
    name: 'routes-file',
    apply: 'build',
    async generateBundle() {
      const source = JSON.stringify(await patterns(root), null, 1)
      this.emitFile({ type: 'asset', fileName: 'routes.json', source })
    },
  }
}

async function patterns(root: string): Promise<string[]> {
  const { module } = await runnerImport<{ routes: RouteRecordRaw[] }>(resolve(root, 'src/routes.ts'), {
    configFile: false,
    resolve: { alias: { '@': resolve(root, 'src') } },
  })
  return module.routes.flatMap(route => under('', route)).filter(pattern => !pattern.includes('(.*)')).sort()
}

/** Return the addresses of a route and of those inside it; one that only frames others has none. */
function under(parent: string, route: RouteRecordRaw): string[] {
  const path = route.path.startsWith('/') ? route.path : `${parent}/${route.path}`.replace(/\/$/, '')
  const own = route.component ?? route.components ?? route.redirect
  const framed = route.children ?? []
  return [...(own && !framed.some(child => child.path === '') ? [path] : []), ...framed.flatMap(child => under(path, child))]
}
