import assert from 'node:assert/strict';
import { resolveInputs, resolveStepEnvironment } from '../inputs.js';
import type { TaskDefinition } from '../task-definition.js';
import { aStep, runTask } from './bench.js';

const definition = {
  inputs: [
    { name: 'text', type: 'string', defaultValue: ' by default ' },
    { name: 'flag', type: 'boolean', defaultValue: true },
    { name: 'path', type: 'filePath' },
  ],
} as TaskDefinition;

interface Case {
  title: string;
  given?: Record<string, string>;
  variables?: Record<string, string>;
  environment?: Record<string, string>;
  expected: Record<string, string>;
}

const cases: Case[] = [
  {
    title: 'defaults are trimmed, and a boolean is written as .NET does',
    expected: { text: 'by default', flag: 'True' },
  },
  {
    title: 'a value is trimmed and its name found whatever its case',
    given: { ' TEXT ': '  x y \n' },
    expected: { text: 'x y' },
  },
  { title: 'an empty value replaces a default', given: { text: '' }, expected: { text: '' } },
  { title: 'a name that task.json does not know is kept', given: { Other: ' x ' }, expected: { Other: 'x' } },
  {
    title: 'a variable is put in, a name that nobody knows stays',
    given: { text: '$(a)-$(nope)' },
    variables: { A: 'x' },
    expected: { text: 'x-$(nope)' },
  },
  {
    title: 'what a variable brings is not trimmed',
    given: { text: '$(a)' },
    variables: { a: ' x ' },
    expected: { text: ' x ' },
  },
  {
    title: 'unless the agent is told to',
    given: { text: '$(a)' },
    variables: { a: ' x ', AGENT_ENABLE_VARIABLE_INPUT_TRIMMING: 'true' },
    expected: { text: 'x' },
  },
  {
    title: 'the environment of the agent is looked at second, with its case',
    given: { text: '$(HOME) $(home)' },
    environment: { HOME: '/home' },
    expected: { text: '/home $(home)' },
  },
  {
    title: 'and it sees what a variable has put in',
    given: { text: '$(a)' },
    variables: { a: '$(HOME)' },
    environment: { HOME: '/home' },
    expected: { text: '/home' },
  },
  {
    title: 'a variable comes before the environment',
    given: { text: '$(HOME)' },
    variables: { home: 'mine' },
    environment: { HOME: '/home' },
    expected: { text: 'mine' },
  },
  {
    title: 'blanks are kept where DISABLE_INPUT_TRIMMING says so',
    given: { text: ' x ' },
    variables: { DISABLE_INPUT_TRIMMING: 'true' },
    expected: { text: ' x ' },
  },
  {
    title: 'and for that the agent counts more than the job',
    given: { text: ' x ' },
    variables: { DISABLE_INPUT_TRIMMING: 'true' },
    environment: { DISABLE_INPUT_TRIMMING: 'false' },
    expected: { text: 'x' },
  },
  { title: 'an empty path becomes the root', given: { path: '' }, expected: { path: '/agent/_work/1/s' } },
  { title: 'a path starts at the root', given: { path: 'a/../b' }, expected: { path: '/agent/_work/1/s/b' } },
  { title: 'an absolute path stays where it is', given: { path: '/x//y' }, expected: { path: '/x/y' } },
];

describe('inputs', () => {
  for (const { title, given = {}, variables = {}, environment = {}, expected } of cases) {
    it(title, () => {
      const { job } = aStep({ variables, environment });

      const inputs = resolveInputs(definition, given, {
        variables: job.variables,
        environment,
        knobs: job.knobs,
        root: '/agent/_work/1/s',
      });

      assert.deepEqual(
        Object.fromEntries(Object.keys(expected).map((name) => [name, inputs.get(name)])),
        expected,
      );
    });
  }

  it('reach a real step, the unknown and the empty ones too', async () => {
    const step = await runTask(
      `say([env.INPUT_TEXT, env.INPUT_OTHER, JSON.stringify(env.INPUT_CONNECTION)].join('|'))`,
      { variables: { a: 'A' } },
      { inputs: { TEXT: ' $(a) $(HOME) ', other: 'x' } },
    );

    assert.match(step.log, /^A \/\S+\|x\|""$/m);
  });
});

describe('env: of a step', () => {
  it('is always trimmed and expanded twice, and its names keep their case', () => {
    const { job } = aStep({ variables: { DISABLE_INPUT_TRIMMING: 'true', a: '$(HOME)' } });

    const entries = resolveStepEnvironment(
      { ' aB ': ' $(a) ', ' ': 'x' },
      {
        variables: job.variables,
        environment: { HOME: '/home' },
        knobs: job.knobs,
        root: '/',
      },
    );

    assert.deepEqual([...entries], [['aB', '/home']]);
  });
});
