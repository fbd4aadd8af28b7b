import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const layer = (files, patterns) => ({
  files,
  rules: {
    '@typescript-eslint/no-restricted-imports': ['error', { patterns }],
  },
});

const taskLib = {
  group: ['azure-pipelines-task-lib', 'azure-pipelines-task-lib/*'],
  message: 'Only adapters/agent/host.ts may use task-lib.',
};
const nodeApi = {
  group: ['azure-devops-node-api', 'azure-devops-node-api/*'],
  message: 'Only adapters talk to Azure DevOps.',
};
const zod = { group: ['zod', 'zod/*'], message: 'Only config and adapters parse with zod.' };
const node = { group: ['node:*'], message: 'This layer is pure: it talks to nobody.' };
const adapters = { group: ['**/adapters/*', '**/adapters/**'], message: 'Only main.ts wires adapters.' };
const config = { group: ['**/config/*'], message: 'This layer does not know the inputs.' };
const outerFiles = { group: ['**/run.js', '**/main.js'], message: 'Arrows point inward.' };
const ports = { group: ['**/ports.js'], message: 'The domain knows no ports.' };
const src = {
  group: ['**/src/*', '**/src/**'],
  message: 'Emulators import nothing from src: they must not agree with our mistakes.',
};

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
    files: ['tests/**/*.ts', 'scripts/**/*.ts'],
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
  layer([`${source}/domain/**`], [taskLib, nodeApi, zod, node, adapters, config, outerFiles, ports]),
  layer([`${source}/ports.ts`], [taskLib, nodeApi, zod, node, adapters, config, outerFiles]),
  layer([`${source}/config/**`], [taskLib, nodeApi, node, adapters, outerFiles, ports]),
  layer([`${source}/{run,reading,converge,run-report,publish}.ts`], [taskLib, nodeApi, zod, node, adapters]),
  layer([`${source}/adapters/**`], [taskLib, config, outerFiles]),
  layer([`${source}/adapters/agent-host.ts`], [nodeApi, zod, config, outerFiles]),
  layer(['tests/support/*emulator/**', 'emulators/agent/**'], [src]),
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
