import { config } from '@vue/test-utils'
import { i18n, useLanguage, useTexts } from './i18n'

// Every test reads English texts; a test of Polish chooses it.
await useLanguage('en')
await Promise.all([useTexts('staff'), useTexts('account')])
config.global.plugins = [i18n]
