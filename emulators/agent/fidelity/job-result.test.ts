import assert from 'node:assert/strict';
import { JobResult, type Condition, type TaskResult } from '../result.js';

type Step = [result: TaskResult, condition: Condition, continueOnError?: boolean];

/** What StepsRunner makes of steps that end in a known way. @returns the job's result, and which steps ran */
function job(steps: readonly Step[]): [result: TaskResult, ran: boolean[]] {
  const running = new JobResult();
  const ran = steps.map(([result, condition, continueOnError]) => {
    const runs = running.lets(condition);
    const fixed = result === 'Failed' && continueOnError === true ? 'SucceededWithIssues' : result;
    if (runs) running.add(fixed);
    return runs;
  });
  return [running.status, ran];
}

const ok = 'succeeded()';
const either = 'succeededOrFailed()';
const always = 'always()';

describe('the result of a job', () => {
  const vectors: [source: string, steps: Step[], result: TaskResult, second?: boolean][] = [
    [
      'RunNormalStepsAllStepPass',
      [
        ['Succeeded', ok],
        ['Succeeded', ok],
      ],
      'Succeeded',
      true,
    ],
    [
      'RunNormalStepsAllStepPass',
      [
        ['Succeeded', ok],
        ['Succeeded', either],
      ],
      'Succeeded',
      true,
    ],
    [
      'RunNormalStepsAllStepPass',
      [
        ['Succeeded', ok],
        ['Succeeded', always],
      ],
      'Succeeded',
      true,
    ],
    [
      'RunNormalStepsContinueOnError',
      [
        ['Failed', ok, true],
        ['Succeeded', ok],
      ],
      'SucceededWithIssues',
      true,
    ],
    [
      'RunNormalStepsContinueOnError',
      [
        ['Failed', ok, true],
        ['Failed', always, true],
      ],
      'SucceededWithIssues',
      true,
    ],
    [
      'RunsAfterFailureBasedOnCondition',
      [
        ['Failed', ok],
        ['Succeeded', ok],
      ],
      'Failed',
      false,
    ],
    [
      'RunsAfterFailureBasedOnCondition',
      [
        ['Failed', ok],
        ['Succeeded', either],
      ],
      'Failed',
      true,
    ],
    [
      'RunsAlwaysSteps',
      [
        ['Failed', ok],
        ['Succeeded', always],
      ],
      'Failed',
      true,
    ],
    [
      'RunsAlwaysSteps',
      [
        ['Succeeded', ok],
        ['Failed', always],
      ],
      'Failed',
      true,
    ],
    [
      'RunsAlwaysSteps',
      [
        ['Succeeded', ok],
        ['Failed', always, true],
      ],
      'SucceededWithIssues',
      true,
    ],
    [
      'SetsJobResultCorrectly',
      [
        ['Failed', ok, true],
        ['Failed', ok],
      ],
      'Failed',
      true,
    ],
    [
      'SetsJobResultCorrectly',
      [
        ['Succeeded', ok],
        ['SucceededWithIssues', ok],
      ],
      'SucceededWithIssues',
      true,
    ],
    [
      'SetsJobResultCorrectly',
      [
        ['SucceededWithIssues', ok],
        ['Succeeded', ok],
      ],
      'SucceededWithIssues',
      true,
    ],
    [
      'SetsJobResultCorrectly',
      [
        ['SucceededWithIssues', ok],
        ['Failed', ok],
      ],
      'Failed',
      true,
    ],
    [
      'AlwaysMeansAlways',
      [
        ['Canceled', ok],
        ['Succeeded', always],
      ],
      'Succeeded',
      true,
    ],
    [
      'StepsRunner.cs: a skipped step changes nothing',
      [
        ['Skipped', ok],
        ['Succeeded', ok],
      ],
      'Succeeded',
      true,
    ],
    [
      'ExpressionManager.cs: failed()',
      [
        ['Failed', ok],
        ['Succeeded', 'failed()'],
      ],
      'Failed',
      true,
    ],
    [
      'ExpressionManager.cs: failed()',
      [
        ['Succeeded', ok],
        ['Succeeded', 'failed()'],
      ],
      'Succeeded',
      false,
    ],
  ];
  for (const [source, steps, result, second] of vectors) {
    it(`StepsRunnerL0 ${source}: ${steps.map((step) => step.join(' ')).join(', ')}`, () => {
      const [actual, ran] = job(steps);

      assert.deepEqual([actual, ran[1]], [result, second]);
    });
  }

  it('of a cancelled one lets only what always runs', () => {
    const running = new JobResult();
    running.cancel();

    assert.deepEqual(
      [ok, either, 'failed()', always].map((condition) => running.lets(condition as Condition)),
      [false, false, false, true],
    );
  });
});
