import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import { fences } from './eslint.fences.mjs';

const source = 'tasks/*/src';

export default tseslint.config(
  { ignores: ['build/', 'coverage/', 'dist/', 'tasks/*/dist/', 'node_modules/'] },
  js.configs.recommended,
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      complexity: ['error', 10],
      'max-depth': ['error', 3],
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 3],
      'no-console': 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
    },
  },
  {
    files: ['emulators/**/*.ts', 'tests/**/*.ts', 'scripts/**/*.ts'],
    rules: {
      // An emulator's rule reads best in one place.
      complexity: ['error', 18],
      'max-params': ['error', 4],
      'max-lines-per-function': 'off',
      'no-console': 'off',
      // A story or an emulator handler may await nothing and still have to give a promise.
      '@typescript-eslint/require-await': 'off',
    },
  },
  ...fences,
  {
    files: [`${source}/domain/**`],
    rules: {
      'no-restricted-globals': ['error', 'process', 'console', 'setTimeout', 'fetch'],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time comes in as an argument.' },
        { object: 'Math', property: 'random', message: 'Randomness comes in as an argument.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'NewExpression[callee.name="Date"][arguments.length=0]',
          message: 'Time comes in as an argument.',
        },
        { selector: ':function[async=true]', message: 'The domain is synchronous.' },
      ],
    },
  },
  { files: ['**/*.mjs'], extends: [tseslint.configs.disableTypeChecked] },
  {
    // Plain JavaScript, because people copy it to where nothing is compiled.
    files: ['recipes/**/*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(
        ['AbortSignal', 'Buffer', 'console', 'Headers', 'process', 'TextDecoder', 'URL'].map((name) => [
          name,
          'readonly',
        ]),
      ),
    },
    rules: {
      complexity: ['error', 10],
      'max-depth': ['error', 3],
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', 3],
    },
  },
);
