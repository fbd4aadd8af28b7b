/**
 * Who may import whom. docs/architecture.md shows the same as a table, which a house test holds against this file;
 * another plants every import that is not allowed here and sees it refused.
 */

const source = 'tasks/InfisicalSecretSync/src';

/** What an import may lead to, and how its specifier looks. */
export const targets = {
  domain: '(?:^|/)domain/',
  ports: '(?:^|/)ports\\.js$',
  config: '(?:^|/)config/',
  sync: '(?:^|/)sync/',
  wiring: '(?:^|/)wiring/',
  main: '(?:^|/)main\\.js$',
  'adapters/agent': '(?:^|/)agent/',
  'adapters/http': '(?:^|/)http/',
  'adapters/entra': '(?:^|/)entra/',
  'adapters/infisical': '(?:^|/)infisical/',
  'adapters/azure-devops': '(?:^|/)azure-devops/',
  'task-lib': '^azure-pipelines-task-lib(?:/|$)',
  'node-api': '^azure-devops-node-api(?:/|$)',
  zod: '^zod(?:/|$)',
  node: '^node:',
};

const adapters = [
  'adapters/agent',
  'adapters/http',
  'adapters/entra',
  'adapters/infisical',
  'adapters/azure-devops',
];

/**
 * The rooms: what each may import beside itself, and of what only types.
 * @type {Record<string, { files: string, imports: string[], types?: string[] }>}
 */
export const rooms = {
  domain: { files: 'domain/**', imports: [] },
  ports: { files: 'ports.ts', imports: [], types: ['domain'] },
  config: { files: 'config/**', imports: ['domain', 'zod'] },
  sync: { files: 'sync/**', imports: ['domain', 'ports'], types: ['config'] },
  'adapters/agent': { files: 'adapters/agent/**', imports: ['domain', 'ports', 'adapters/http', 'node'] },
  'adapters/http': { files: 'adapters/http/**', imports: ['domain', 'ports', 'zod', 'node'] },
  'adapters/entra': {
    files: 'adapters/entra/**',
    imports: ['domain', 'ports', 'adapters/http', 'adapters/agent', 'node'],
  },
  'adapters/infisical': {
    files: 'adapters/infisical/**',
    imports: ['domain', 'ports', 'adapters/http', 'adapters/agent', 'adapters/entra', 'zod', 'node'],
  },
  'adapters/azure-devops': {
    files: 'adapters/azure-devops/**',
    imports: ['domain', 'ports', 'adapters/http', 'adapters/agent', 'adapters/entra', 'zod', 'node'],
    types: ['node-api'],
  },
  wiring: { files: 'wiring/**', imports: ['domain', 'ports', 'config', 'sync', ...adapters] },
  main: { files: 'main.ts', imports: ['domain', 'ports', 'config', 'sync', 'wiring', ...adapters] },
};

/** Importing task-lib does things, so it happens once. */
export const taskLibFile = 'adapters/agent/host.ts';

const outside = [
  { regex: '(?:^|/)(?:emulators|tests|scripts)/', message: 'What ships knows nothing of what tries it.' },
  { regex: '^#', message: 'Inside the sources, imports are relative.' },
  {
    regex: `^(?![.#]|${['task-lib', 'node-api', 'zod', 'node'].map((name) => targets[name].slice(1)).join('|')})`,
    message: 'A package that ships needs a name in eslint.fences.mjs.',
  },
];

function fence(files, room, { imports, types = [] }) {
  const refused = Object.entries(targets)
    .filter(([target]) => target !== room && !imports.includes(target))
    .map(([target, regex]) => ({
      regex,
      allowTypeImports: types.includes(target),
      message: `${room} may not import ${target}${types.includes(target) ? ', but for its types' : ''}.`,
    }));
  return {
    files,
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [...refused, ...outside] }] },
  };
}

const ofNothingThatShips = {
  regex: '(?:^#task/|/src/)',
  message: 'Emulators import nothing of the sources: they must not agree with our mistakes.',
};

export const fences = [
  ...Object.entries(rooms).map(([room, rules]) => fence([`${source}/${rules.files}`], room, rules)),
  fence([`${source}/${taskLibFile}`], 'adapters/agent', {
    imports: [...rooms['adapters/agent'].imports, 'task-lib'],
  }),
  {
    files: ['emulators/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            ofNothingThatShips,
            { regex: '/(?:tests|scripts)/', message: 'Emulators stand by themselves.' },
          ],
        },
      ],
    },
  },
  {
    files: ['scripts/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '/tests/', message: 'Scripts use the emulators, not the tests.' },
            { regex: '^#task/', message: 'Scripts run what is packaged.' },
          ],
        },
      ],
    },
  },
];
