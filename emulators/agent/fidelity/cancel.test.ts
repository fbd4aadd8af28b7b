import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { FinishedStep, MiniAgent, StepOptions } from '../mini-agent.js';
import { withAgent } from './bench.js';

const stubborn = `process.on('SIGINT', () => say('int')); process.on('SIGTERM', () => say('term')); setInterval(() => {}, 1000);`;
const ready = `fs.writeFileSync(env.AGENT_TEMPDIRECTORY + '/ready', ''); say('ready');`;
const quick = { PROCESS_SIGINT_TIMEOUT: '400', PROCESS_SIGTERM_TIMEOUT: '400' };

/** Resolves when the task says that it listens. */
async function isReady(agent: MiniAgent): Promise<void> {
  while (!existsSync(join(agent.work, '_temp/ready'))) await wait(5);
}

function cancelled(
  script: string,
  variables: Record<string, string> = quick,
  step: Partial<StepOptions> = {},
): Promise<FinishedStep & { jobResult: string }> {
  return withAgent({ script: script + ready }, { variables }, async (agent) => {
    const finished = await agent.runStep({ inputs: {}, cancelWhen: isReady(agent), ...step });
    return { ...finished, jobResult: agent.jobResult };
  });
}

describe('a step of a job that is cancelled', () => {
  it('is asked by SIGINT, then by SIGTERM, then ended, and what it says is heard', async () => {
    const step = await cancelled(stubborn);

    assert.deepEqual([step.result, step.signal, step.jobResult], ['Canceled', 'SIGKILL', 'Canceled']);
    assert.match(
      step.log,
      /^##\[error\]The Operation will be canceled\. The next steps may not contain expected logs\.\n(?:ready\n)?int\nterm\n##\[error\]The operation was canceled\.$/m,
    );
  });

  it('has as much time as the settings say', async () => {
    const step = await cancelled(stubborn, { PROCESS_SIGINT_TIMEOUT: '300', PROCESS_SIGTERM_TIMEOUT: '50' });

    assert.ok(step.durationMs >= 350, String(step.durationMs));
    assert.ok(step.durationMs < 5_000, String(step.durationMs));
  });

  const answer = (code: string): string =>
    `process.on('SIGINT', () => { ${code} }); const timer = setInterval(() => {}, 1000);`;

  it('is Canceled whatever it says and with whatever code it ends', async () => {
    for (const code of [
      `say('##vso[task.complete result=Succeeded]'); clearInterval(timer)`,
      'process.exitCode = 7; clearInterval(timer)',
    ]) {
      const step = await cancelled(answer(code));

      assert.deepEqual([step.result, step.signal], ['Canceled', null]);
    }
  });

  it('still has its commands obeyed in the time it is given', async () => {
    const step = await cancelled(
      answer(`say('##vso[task.setvariable variable=result]late'); clearInterval(timer)`),
    );

    assert.deepEqual(step.outputs, { result: 'late' });
  });

  it('stays Canceled when a command failed, too', async () => {
    assert.equal(
      (await cancelled(answer(`say('##vso[task.foo]x'); clearInterval(timer)`))).result,
      'Canceled',
    );
  });

  it('is asked once and waited for without end where shutdown is graceful', async () => {
    const step = await cancelled(
      answer(`setTimeout(() => { say('cleared up'); clearInterval(timer); }, 200)`),
      { ...quick, PROCESS_SIGINT_TIMEOUT: '10', USE_GRACEFUL_PROCESS_SHUTDOWN: 'true' },
    );

    assert.deepEqual([step.signal, step.exitCode], [null, 0]);
    assert.match(step.log, /^cleared up$/m);
  });

  it('runs on when its condition is always()', async () => {
    const step = await cancelled(`setTimeout(() => say('done'), 100);`, quick, { condition: 'always()' });

    assert.deepEqual([step.result, step.jobResult], ['Succeeded', 'Canceled']);
    assert.match(step.log, /^done$/m);
  });

  it('does not hurt the next one that always runs', async () => {
    const log = await withAgent({ script: stubborn + ready }, { variables: quick }, async (agent) => {
      await agent.runStep({ inputs: {}, cancelWhen: isReady(agent) });
      const skipped = await agent.runScript({ script: `console.log('never')` });
      const ran = await agent.runScript({
        script: `console.log(process.env.AGENT_JOBSTATUS)`,
        condition: 'always()',
      });
      return [skipped.result, ran.raw.at(-1)];
    });

    assert.deepEqual(log, ['Skipped', 'Canceled']);
  });
});

describe('a step that takes too long', () => {
  const slow = {
    script: `process.on('SIGINT', () => { say('int'); clearInterval(timer); }); const timer = setInterval(() => {}, 1000);`,
  };

  it('has timed out and failed, and the job with it', async () => {
    await withAgent(slow, {}, async (agent) => {
      const step = await agent.runStep({ inputs: {}, timeoutMs: 1_500 });

      assert.deepEqual([step.result, agent.jobResult], ['Failed', 'Failed']);
      assert.match(step.log, /^int\n##\[error\]The task has timed out\.$/m);
      assert.doesNotMatch(step.log, /will be canceled/);
    });
  });

  it('is not one that ends in time', async () => {
    await withAgent({}, {}, async (agent) => {
      assert.equal((await agent.runStep({ inputs: {}, timeoutMs: 30_000 })).result, 'Succeeded');
    });
  });
});
