import { defineConfig } from '@playwright/test'
import { ARGUMENTS, chromium } from './e2e/harness/chromium'

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  globalSetup: './e2e/harness/university.ts',
  forbidOnly: !!process.env.CI,
  // One after the other: the machine that runs these runs a university, too.
  workers: 1,
  // Chromium gives all connections up when an interface of the machine comes or goes, as those of containers do.
  retries: process.env.CI ? 1 : 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  use: { launchOptions: { executablePath: chromium(), args: ARGUMENTS } },
})
