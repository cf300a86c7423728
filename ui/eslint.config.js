import { defineConfigWithVueTs, vueTsConfigs } from '@vue/eslint-config-typescript'
import vue from 'eslint-plugin-vue'
import a11y from 'eslint-plugin-vuejs-accessibility'

export default defineConfigWithVueTs(
  { ignores: ['dist/**', 'src/api/schema.ts', 'test-results/**', 'playwright-report/**'] },
  vue.configs['flat/recommended'],
  vueTsConfigs.strictTypeChecked,
  ...a11y.configs['flat/recommended'],
  {
    rules: {
      'max-lines': ['error', { max: 400 }],
      'no-console': 'error',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/no-v-html': 'error',
      // Lines break where a reader wants them, not after a count of attributes.
      'vue/max-attributes-per-line': 'off',
      'vue/first-attribute-linebreak': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/html-indent': 'off',
      'vue/html-self-closing': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      // An optional property without a default is undefined, and its type says so.
      'vue/require-default-prop': 'off',
      // A default says what a missing boolean or look means, also where Vue would supply false itself.
      '@typescript-eslint/no-useless-default-assignment': 'off',
      // `() => send()` reads better than a block, also where nothing is returned.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // A numeral in a sentence needs no conversion by hand.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // A table that is laid out as cards loses its roles unless they are said again.
      'vuejs-accessibility/no-redundant-roles': ['error', { table: ['table'], thead: ['rowgroup'], tbody: ['rowgroup'], tr: ['row'], th: ['columnheader'], td: ['cell'] }],
      // The frame around a control labels it by id, which the rule cannot see.
      'vuejs-accessibility/form-control-has-label': 'off',
      // A label wraps its control, or names it by id: both are read aloud.
      'vuejs-accessibility/label-has-for': ['error', { required: { some: ['nesting', 'id'] } }],
    },
  },
)
