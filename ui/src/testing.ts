import { config } from '@vue/test-utils'
import { i18n, useLanguage } from './i18n'

// Every test reads English texts; a test of Polish chooses it.
await useLanguage('en')
config.global.plugins = [i18n]
