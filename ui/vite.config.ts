import vueI18n from '@intlify/unplugin-vue-i18n/vite'
import tailwindcss from '@tailwindcss/vite'
import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { routesFile } from './build/routes.ts'

const university = process.env.UNIVERSITY_URL ?? 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [
    vue(),
    tailwindcss(),
    routesFile(fileURLToPath(new URL('.', import.meta.url))),
    // Messages are compiled here, so that no compiler is sent to browsers.
    vueI18n({ include: [fileURLToPath(new URL('./src/locales/*/*.json', import.meta.url))], strictMessage: true, fullInstall: false, dropMessageCompiler: true }),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  // What is written without options and compiled beforehand needs neither at run time.
  define: { __VUE_OPTIONS_API__: 'false', __VUE_PROD_DEVTOOLS__: 'false' },
  // The host is told as the browser knows it: a session is only for pages of the same origin.
  server: { proxy: { '/api': { target: university, changeOrigin: false } } },
  build: {
    target: 'baseline-widely-available',
    manifest: 'manifest.json',
    // Fonts and images are files of their own: the page's policy allows no data in style sheets.
    assetsInlineLimit: 0,
    // An inline script would be needed to load the modules of old browsers, which the policy forbids.
    modulePreload: { polyfill: false },
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'], globals: false, setupFiles: ['src/testing.ts'] },
})
