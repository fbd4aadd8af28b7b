import assert from 'node:assert/strict';
import type { TaskResult } from '../result.js';
import { agentsDelay, OperationCanceled, runWithRetries } from '../retry.js';
import { withAgent } from './bench.js';

type Attempt = TaskResult | 'throws' | 'cancelled' | undefined;

/** RetryHelper over attempts that end in a known way, without waiting. */
async function retried(count: number, attempts: readonly Attempt[]) {
  const waited: number[] = [];
  const warnings: string[] = [];
  let result: TaskResult | undefined;
  let index = 0;
  const run = runWithRetries(
    async () => {
      const attempt = attempts[index];
      index += 1;
      if (attempt === 'throws') throw new Error('broken');
      if (attempt === 'cancelled') throw new OperationCanceled();
      result = attempt;
    },
    {
      count,
      wait: async (ms) => {
        waited.push(ms);
      },
      warn: (message) => warnings.push(message),
      result: {
        get: () => result,
        reset: () => {
          result = undefined;
        },
      },
    },
  );
  const error = await run.then(
    () => undefined,
    (thrown: unknown) => (thrown as Error).message,
  );
  return { attempts: index, waited, warnings, result, error };
}

describe('a step that may be tried again', () => {
  const cases: [
    title: string,
    count: number,
    attempts: Attempt[],
    expected: [attempts: number, waited: number[], result: Attempt, error: string | undefined],
  ][] = [
    [
      'is tried until it does not fail',
      3,
      ['Failed', 'throws', 'Succeeded'],
      [3, [1_000, 4_000], 'Succeeded', undefined],
    ],
    [
      'is not tried again when it did not fail',
      3,
      ['SucceededWithIssues'],
      [1, [], 'SucceededWithIssues', undefined],
    ],
    ['is not tried again when it was skipped', 3, ['Skipped'], [1, [], 'Skipped', undefined]],
    [
      'fails when all attempts have',
      2,
      ['Failed', 'Failed', 'Failed'],
      [3, [1_000, 4_000], 'Failed', undefined],
    ],
    ['throws what the last attempt has thrown', 1, ['throws', 'throws'], [2, [1_000], undefined, 'broken']],
    [
      'is not tried again when it was cancelled',
      3,
      ['cancelled'],
      [1, [], undefined, 'The operation was canceled.'],
    ],
    ['is tried once without retries', 0, ['Failed'], [1, [], 'Failed', undefined]],
    [
      'is tried again ten times at most',
      12,
      Array<Attempt>(20).fill('Failed'),
      [11, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => n * n * 1_000), 'Failed', undefined],
    ],
  ];
  for (const [title, count, attempts, expected] of cases) {
    it(title, async () => {
      const ran = await retried(count, attempts);

      assert.deepEqual([ran.attempts, ran.waited, ran.result, ran.error], expected);
    });
  }

  it('says before each attempt how the last one ended, in the words of the agent', async () => {
    assert.deepEqual((await retried(2, ['Failed', 'throws', 'Succeeded'])).warnings, [
      'RetryHelper encountered task failure, will retry (attempt #: 1 out of 2) after 1000 ms',
      'RetryHelper encountered exception, will retry (attempt #: 2 broken) afer 4000 ms',
    ]);
    assert.match(
      (await retried(11, ['Succeeded'])).warnings[0] ?? '',
      /^The maximum allowed number of attempts is 10 but got 11\./,
    );
  });

  it('waits for (n + 1)² seconds', () => {
    assert.deepEqual([0, 1, 9].map(agentsDelay), [1_000, 4_000, 100_000]);
  });
});

describe('a real step that is tried again', () => {
  const waits = { beforeRetryMs: () => 1 };
  const counting = `const file = env.AGENT_TEMPDIRECTORY + '/count'; const count = fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) + 1 : 1; fs.writeFileSync(file, String(count));`;

  const run = (script: string, retryCountOnTaskFailure = 2) =>
    withAgent({ script: counting + script }, { waits }, (agent) =>
      agent.runStep({ name: 's', inputs: {}, retryCountOnTaskFailure }),
    );

  it('succeeds in the end, with its failures only as warnings and issues', async () => {
    const step = await run(`say('##vso[task.complete result=' + (count < 3 ? 'Failed' : 'Succeeded') + ']')`);

    assert.deepEqual([step.result, step.attempts], ['Succeeded', 3]);
  });

  it('has the exit code of a failed attempt forgotten, too', async () => {
    const step = await run(`process.exitCode = count < 2 ? 5 : 0`);

    assert.deepEqual([step.result, step.attempts], ['Succeeded', 2]);
    assert.match(step.log, /##\[warning\]RetryHelper encountered exception.*Exit code 5 returned/);
  });

  it('fails all the same when a command has failed in the first attempt', async () => {
    const step = await run(
      `if (count === 1) { say('##vso[task.foo]x'); say('##vso[task.complete result=Failed]'); }`,
    );

    assert.deepEqual([step.result, step.attempts], ['Failed', 2]);
  });

  it('sees what the attempt before has set, with its inputs as they were', async () => {
    const step = await withAgent(
      {
        script: `${counting} say(env.INPUT_TEXT + ' ' + env.MINE); say('##vso[task.setvariable variable=mine]' + count); process.exitCode = count < 2 ? 1 : 0`,
      },
      { waits },
      (agent) => agent.runStep({ inputs: { text: '$(mine)' }, retryCountOnTaskFailure: 1 }),
    );

    assert.match(step.log, /^\$\(mine\) undefined$[^]*^\$\(mine\) 1$/m);
  });
});
