import assert from 'node:assert/strict';
import { unfitForOutput, unsettable } from '#task/domain/run-variables.js';
import { wanted } from '../../support/builders.js';

const problems = (variables: ReturnType<typeof wanted>[], decodesPercents = true): string[] =>
  unsettable(variables, { decodesPercents });

describe('unsettable', () => {
  it('finds nothing wrong with usual variables', () => {
    assert.deepEqual(problems([wanted('A'), wanted('a.b'), wanted('C', 'x', false)]), []);
  });

  const cases: [title: string, variables: ReturnType<typeof wanted>[], expected: RegExp[]][] = [
    [
      'the task’s own output variables, whatever their case',
      [wanted('SYNCSTATUS')],
      [/^"SYNCSTATUS": an output variable of this task/],
    ],
    [
      'a value that is one character too long',
      [wanted('A', 'x'.repeat(32_766)), wanted('B', 'x'.repeat(32_767))],
      [/^"B": the value has 32767 characters; a pipeline variable can have at most 32766$/],
    ],
    [
      'names that become one environment name',
      [wanted('a.b'), wanted('a_b'), wanted('A B')],
      [/^"a\.b", "a_b" and "A B" would be the same environment variable "A_B"$/],
    ],
    [
      'a secret and a plain variable that a task can’t tell apart',
      [wanted('X'), wanted('SECRET_X', 'x', false)],
      [/^"X" and "SECRET_X" would be the same environment variable "SECRET_X"$/],
    ],
    [
      'more names than an environment value holds',
      Array.from({ length: 3_300 }, (_, index) => wanted(`NAME${String(index)}`, 'x')),
      [/^the names of all 3300 variables together have \d+ characters; the agent passes at most 32766$/],
    ],
    [
      'more bytes than an environment holds, counted as UTF-8',
      Array.from({ length: 35 }, (_, index) => wanted(`V${String(index)}`, 'é'.repeat(15_000))),
      [
        /^all 35 values and their names together take 1050690 bytes; at most 1048576 fit into the environment of a job$/,
      ],
    ],
  ];
  for (const [title, variables, expected] of cases) {
    it(`refuses ${title}`, () => {
      const found = problems(variables);

      assert.equal(found.length, expected.length);
      expected.forEach((pattern, index) => {
        assert.match(found[index] ?? '', pattern);
      });
    });
  }

  it('counts a variable and its output, both of which later steps get', () => {
    const variables = Array.from({ length: 40 }, (_, index) =>
      wanted(`V${String(index)}`, 'x'.repeat(13_200)),
    );
    const withOutputs = (names: typeof variables) =>
      unsettable(names, { decodesPercents: true, outputStep: 'sync' });

    assert.deepEqual(problems(variables), []);
    assert.deepEqual(withOutputs(variables.slice(1)), []);
    assert.deepEqual(withOutputs(variables), [
      'all 40 values and their names together (each counted twice because of setAsOutput) take 1057780 bytes; at most 1048576 fit into the environment of a job',
    ]);
  });

  it('counts the names of outputs, too', () => {
    const variables = Array.from({ length: 1_500 }, (_, index) => wanted(`N${String(index)}`, 'x'));

    assert.deepEqual(problems(variables), []);
    assert.match(
      unsettable(variables, { decodesPercents: true, outputStep: 'aStepWithAName' }).join('\n'),
      /^the names of all 1500 variables together \(each counted twice because of setAsOutput\) have 44281 characters;/,
    );
  });

  it('refuses a variable that is called like the output of another one', () => {
    const variables = [wanted('X'), wanted('SYNC_X')];

    assert.deepEqual(problems(variables), []);
    assert.deepEqual(unsettable(variables, { decodesPercents: true, outputStep: 'sync' }), [
      '"SYNC_X" and "sync.X" would be the same environment variable "SYNC_X"',
    ]);
  });

  it('lets a secret be called like another one with the agent’s prefix', () => {
    assert.deepEqual(problems([wanted('X'), wanted('SECRET_X')]), []);
  });

  it('refuses a percent code only where the job would decode it', () => {
    assert.deepEqual(problems([wanted('A', 'x%0Ay')]), []);
    assert.match(
      problems([wanted('A', 'x%0Ay')], false).join('\n'),
      /^"A": the value contains a percent code/,
    );
    assert.deepEqual(problems([wanted('A', '100%')], false), []);
  });
});

describe('unfitForOutput', () => {
  it('refuses what has power under the name that the step gives it', () => {
    const plain = [wanted('OPTIONS', 'x', false), wanted('PATH_PREFIX', 'x', false), wanted('OTHER')];

    assert.deepEqual(unfitForOutput(plain, 'node'), [
      '"OPTIONS": as an output variable of this step its name is "node.OPTIONS"; Node.js runs what it says; the name is allowed without the tag that makes the variable plain',
    ]);
    assert.match(
      unfitForOutput([wanted('SSH_COMMAND')], 'git').join(),
      /"git\.SSH_COMMAND"; Git runs what it says/,
    );
    assert.deepEqual(unfitForOutput(plain, 'secrets'), []);
  });
});
