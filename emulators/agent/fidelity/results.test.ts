import assert from 'node:assert/strict';
import { type TaskResult } from '../result.js';
import { runTask, withAgent } from './bench.js';

const always = 'always()';

describe('the result of a step', () => {
  const complete = (result: string): string => `say('##vso[task.complete result=${result}]')`;
  const results: [title: string, script: string, result: TaskResult][] = [
    ['nothing said', '', 'Succeeded'],
    ['an exit code', 'process.exitCode = 3', 'Failed'],
    ['an exit code after a better result', `${complete('Succeeded')}; process.exitCode = 3`, 'Failed'],
    ['an exit code after a worse result', `${complete('Skipped')}; process.exitCode = 3`, 'Failed'],
    ['an exception', `throw new Error('x')`, 'Failed'],
    ['a signal', `process.kill(process.pid, 'SIGKILL')`, 'Failed'],
    ['a result', complete('SucceededWithIssues'), 'SucceededWithIssues'],
    ['two results', `${complete('Skipped')}; ${complete('Failed')}`, 'Skipped'],
    ['an error alone', `say('##vso[task.logissue type=error]x')`, 'Succeeded'],
    ['text on stderr', `process.stderr.write('oops')`, 'Succeeded'],
    ['a command that failed', `say('##vso[task.foo]x')`, 'Failed'],
    [
      'a command that failed before a better result',
      `say('##vso[task.foo]x'); ${complete('Succeeded')}`,
      'Failed',
    ],
    ['a command that failed in a skipped step', `say('##vso[task.foo]x'); ${complete('Skipped')}`, 'Skipped'],
    ['an area that nobody knows', `say('##vso[foo.bar]x')`, 'Succeeded'],
  ];
  for (const [title, script, result] of results) {
    it(`is ${result}: ${title}`, async () => {
      assert.equal((await runTask(script)).result, result);
    });
  }

  it('names the exit code, of a signal 128 and its number, and what was started', async () => {
    const step = await runTask(`process.kill(process.pid, 'SIGKILL')`);

    assert.match(
      step.issues[0]?.message ?? '',
      /^Exit code 137 returned from process: file name '.+node', arguments '".+index\.js"'\.$/,
    );
  });

  it('is SucceededWithIssues for a failure that may be', async () => {
    assert.equal(
      (await runTask('process.exitCode = 1', {}, { continueOnError: true })).result,
      'SucceededWithIssues',
    );
  });

  it('makes that of the job, which the next step sees', async () => {
    await withAgent(
      { script: `say(env.AGENT_JOBSTATUS); process.exitCode = Number(env.INPUT_CODE)` },
      {},
      async (agent) => {
        const failed = await agent.runStep({ inputs: { code: '1' } });
        const skipped = await agent.runStep({ inputs: { code: '0' } });
        const ran = await agent.runStep({ inputs: { code: '0' }, condition: always });

        assert.deepEqual(
          [failed.result, skipped.result, ran.result, agent.jobResult],
          ['Failed', 'Skipped', 'Succeeded', 'Failed'],
        );
        assert.match(skipped.log, /^Skipping step due to condition evaluation\.$/);
        assert.match(ran.log, /^Failed$/m);
      },
    );
  });

  it('is framed by sections and a banner', async () => {
    const step = await runTask(
      { script: `say('hello')`, definition: { author: 'Us', helpMarkDown: 'Read it' } },
      { variables: { env: 'prod' } },
      { displayName: 'Sync $(env)' },
    );

    const rule = '='.repeat(78);
    assert.deepEqual(step.log.split('\n'), [
      '##[section]Starting: Sync prod',
      rule,
      'Task         : Throw away',
      'Description  : A task for one test',
      'Version      : 1.2.3',
      'Author       : Us',
      'Help         : Read it',
      rule,
      'hello',
      '##[section]Finishing: Sync prod',
    ]);
  });
});

describe('done=true', () => {
  const done = `say('##vso[task.complete result=Succeeded;done=true]')`;

  it('ends a step whose process goes on, drops what it writes later and does not kill it', async () => {
    const marker = `fs.writeFileSync(env.AGENT_TEMPDIRECTORY + '/alive', '')`;
    const script = `${done}; setTimeout(() => say('late'), 600); setTimeout(() => { ${marker} }, 700); setInterval(() => {}, 1000)`;
    await withAgent({ script }, { waits: { afterDoneMs: 50 } }, async (agent) => {
      const step = await agent.runStep({ inputs: {} });
      const later = await agent.runScript({
        script: `const fs = require('node:fs'); const wait = () => fs.existsSync(process.env.AGENT_TEMPDIRECTORY + '/alive') ? console.log('alive') : setTimeout(wait, 10); wait()`,
      });

      assert.deepEqual([step.result, step.exitCode], ['Succeeded', null]);
      assert.doesNotMatch(step.log, /late/);
      assert.match(later.log, /^alive$/m);
    });
  });

  it('changes nothing for a process that ends by itself', async () => {
    const step = await runTask(`${done}; say('more')`);

    assert.deepEqual([step.result, step.exitCode], ['Succeeded', 0]);
    assert.match(step.log, /^more$/m);
  });
});
