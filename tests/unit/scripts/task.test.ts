import assert from 'node:assert/strict';
import { sep } from 'node:path';
import { realServices } from '../../../scripts/task/real-services.js';
import { stepsIn } from '../../../scripts/task/steps.js';
import { compiled, runFromSource } from '../../../scripts/test/selection.js';

const ours = 'task: InfisicalSecretSync@1';

describe('the steps that npm run task runs', () => {
  const names = (text: string): string[][] =>
    stepsIn(text).map((steps) => steps.map(({ displayName }) => displayName));

  for (const [where, text, expected] of [
    ['a single step', `${ours}\ndisplayName: a`, [['a']]],
    ['a list', `- ${ours}\n  displayName: a\n- script: x\n- ${ours}\n  displayName: b`, [['a', 'b']]],
    ['steps', `steps:\n- ${ours}\n  displayName: a`, [['a']]],
    [
      'jobs',
      `jobs:\n- job: A\n  steps:\n  - ${ours}\n    displayName: a\n- job: B\n  steps:\n  - ${ours}\n    displayName: b`,
      [['a'], ['b']],
    ],
    [
      'stages',
      `stages:\n- stage: S\n  jobs:\n  - job: A\n    steps:\n    - ${ours}\n      displayName: a`,
      [['a']],
    ],
    [
      'a deployment',
      `jobs:\n- deployment: D\n  strategy:\n    runOnce:\n      deploy:\n        steps:\n        - ${ours}\n          displayName: a`,
      [['a']],
    ],
    ['an empty file', '', []],
  ] as const)
    it(`are found in ${where}`, () => {
      assert.deepEqual(names(text), expected);
    });

  for (const enabled of ['false', '"False"'])
    it(`are not those with enabled: ${enabled}`, () => {
      assert.deepEqual(
        names(`- ${ours}\n  displayName: a\n  enabled: ${enabled}\n- ${ours}\n  displayName: b`),
        [['b']],
      );
    });

  it('take their conditions, inputs and variables along as text', () => {
    assert.deepEqual(
      stepsIn(
        `- ${ours}\n  name: s\n  condition: Always()\n  inputs:\n    recursive: true\n    tags:\n  env:\n    A: 1`,
      ),
      [
        [
          {
            name: 's',
            displayName: 'InfisicalSecretSync',
            condition: 'always()',
            inputs: { recursive: 'true', tags: '' },
            env: { A: '1' },
          },
        ],
      ],
    );
  });

  it('take every text as it is written, whatever else YAML could make of it', () => {
    const inputs = {
      a: '0x10',
      b: 'no',
      c: '123456789012345678901234',
      d: '1e9',
      e: '~',
      f: 'True',
      g: '007',
    };
    const lines = Object.entries(inputs).map(([name, text]) => `    ${name}: ${text}\n`);

    assert.deepEqual(stepsIn(`- ${ours}\n  inputs:\n${lines.join('')}`)[0]?.[0]?.inputs, inputs);
  });

  it('do not run with a list or an object for a text, and all of them are named', () => {
    const step = `- ${ours}\n  displayName: a\n  inputs:\n    keySchema: {{secretKey}}\n    tags: [b]\n  env:\n    C: {}`;

    assert.throws(() => stepsIn(step), {
      message: /^"keySchema" of the step "a" is a list or an object[^\n]*\n"tags" of[^\n]*\n"C" of[^\n]*$/,
    });
  });

  for (const [what, text] of [
    ['the condition of a job', `jobs:\n- job: A\n  condition: eq(1, 2)\n  steps:\n  - ${ours}`],
    [
      'the condition of a stage',
      `stages:\n- stage: S\n  condition: failed()\n  jobs:\n  - steps:\n    - ${ours}`,
    ],
    ['a parameter that switches the step off', `- ${ours}\n  enabled: \${{ parameters.sync }}`],
  ] as const)
    it(`do not run where ${what} would have to be decided`, () => {
      assert.throws(() => stepsIn(text), { message: /can’t evaluate/ });
    });

  it('do not run under a condition that nobody here can decide', () => {
    assert.throws(() => stepsIn(`- ${ours}\n  displayName: a\n  condition: eq(variables.X, 'y')`), {
      message: /^This command can’t evaluate the condition of the step "a": eq\(variables\.X, 'y'\)\./,
    });
  });
});

describe('the services that npm run task talks to', () => {
  const azureDevOps = {
    AZURE_DEVOPS_URL: 'https://dev.azure.com/o/',
    AZURE_DEVOPS_TOKEN: 't',
    AZURE_DEVOPS_PROJECT: 'p',
    AZURE_DEVOPS_PROJECT_ID: 'i',
  };
  const signIn = { INFISICAL_CLIENT_ID: 'c', INFISICAL_CLIENT_SECRET: 's' };

  it('are the emulators when the environment names none', () => {
    assert.equal(realServices({ PATH: '/bin', INFISICAL_URL: '' }), undefined);
  });

  for (const [title, given] of [
    ['a client secret', signIn],
    ['a token', { INFISICAL_TOKEN: 't' }],
  ] as const)
    it(`are real ones when it names all of them, with ${title}`, () => {
      assert.equal(
        realServices({ ...azureDevOps, ...given, INFISICAL_URL: 'https://i' })?.endpoints?.[0]?.url,
        'https://i',
      );
    });

  for (const [given, missing] of [
    [
      { INFISICAL_CLIENT_SECRET: 's' },
      /^These environment variables are missing: AZURE_DEVOPS_URL, .*INFISICAL_CLIENT_ID\. These are set: INFISICAL_CLIENT_SECRET\./,
    ],
    [{ ...azureDevOps, INFISICAL_TOKEN: 't' }, /are missing: INFISICAL_URL\./],
    [{ ...azureDevOps, INFISICAL_URL: 'u' }, /missing: INFISICAL_CLIENT_ID, INFISICAL_CLIENT_SECRET\./],
  ] as const)
    it(`are refused when half of them are given: ${Object.keys(given).join(', ')}`, () => {
      assert.throws(() => realServices(given), { message: missing });
    });
});

describe('the tests that npm test is given', () => {
  for (const [args, expected] of [
    [['tests/unit/domain/guard.test.ts'], true],
    [['./emulators/agent/fidelity/masker.test.ts', '--grep', 'x'], true],
    [['tests/unit/domain/guard.test.ts', 'tests/stories/sync.test.ts'], false],
    [['tests/stories/sync.test.ts'], false],
    [['--grep', 'guard'], false],
  ] as const)
    it(`${expected ? 'run as sources' : 'need compiling and the package'}: ${args.join(' ')}`, () => {
      assert.equal(runFromSource(args), expected);
    });

  it('reach the sources of the task when they run as sources, and not what was compiled before', () => {
    const isBuild = (path: string): boolean => path.includes(`${sep}build${sep}`);

    assert.equal(isBuild(require.resolve('#task/main.js')), isBuild(__filename));
  });

  it('are compiled files otherwise', () => {
    assert.deepEqual(compiled(['--bail', './tests/stories/sync.test.ts', 'build/tests/x.test.js']), [
      '--bail',
      'build/tests/stories/sync.test.js',
      'build/tests/x.test.js',
    ]);
  });
});
