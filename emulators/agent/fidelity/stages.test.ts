import assert from 'node:assert/strict';
import { runTask, withAgent } from './bench.js';

const handler = (target: string) => ({ Node20_1: { target } });

describe('what runs before and after a job', () => {
  const task = {
    script: `say('main ' + env.VSTS_TASKVARIABLE_STATE); say('##vso[task.settaskvariable variable=state;issecret=true]from-main'); process.exitCode = Number(env.INPUT_CODE)`,
    files: {
      'pre.js': `say('pre ' + env.INPUT_TEXT + ' ' + env.VSTS_TASKVARIABLE_STATE); say('##vso[task.settaskvariable variable=state]from-pre')`,
      'post.js': `say('post ' + env.VSTS_TASKVARIABLE_STATE.length + ' ' + env.AGENT_JOBSTATUS)`,
    },
    definition: { prejobexecution: handler('pre.js'), postjobexecution: handler('post.js') },
  };
  const say = (log: string): string => /^(?:pre|main|post) .*$/m.exec(log)?.[0] ?? '-';

  it('is in order, after it backwards and whatever happened, and each step has its own variables', async () => {
    const said = await withAgent(task, {}, async (agent) => {
      const steps = await agent.runJob([
        { name: 'one', inputs: { text: 'one', code: '1' } },
        { name: 'two', inputs: { text: 'two', code: '0' } },
      ]);
      return steps.map(({ log, result }) => `${say(log)} → ${result}`);
    });

    assert.deepEqual(said, [
      'pre one undefined → Succeeded',
      'pre two undefined → Succeeded',
      'main from-pre → Failed',
      '- → Skipped',
      'post 8 Failed → Succeeded',
      'post 9 Failed → Succeeded',
    ]);
  });

  it('does not know the folder of the task by $(currentDirectory), which only the main stage has', async () => {
    const step = await runTask(
      { files: { 'pre.js': '' }, definition: { prejobexecution: handler('$(currentDirectory)/pre.js') } },
      {},
      { stage: 'prejobexecution' },
    );

    assert.equal(step.result, 'Failed');
    assert.match(step.issues[0]?.message ?? '', /^File not found: '.*\$\(currentDirectory\)\/pre\.js'$/);
  });
});

describe('a step in a container', () => {
  const script = `say('##vso[task.setvariable variable=result]' + [env.INPUT_TEXT, env.SECRET_S.length, env.AGENTS_OWN, env.TF_BUILD].join('|'))`;
  const options = {
    environment: { AGENTS_OWN: 'x' },
    variables: { S: { value: 'a-secret-9000', isSecret: true } },
  };

  it('gets its environment on stdin, and not the agent’s', async () => {
    const step = await runTask(script, options, { isInContainer: true, inputs: { text: 'hello' } });

    assert.deepEqual([step.result, step.outputs], ['Succeeded', { result: 'hello|13||True' }]);
  });

  it('has every variable shown when the job is debugged: only the masks hide a secret', async () => {
    const step = await runTask(script, { ...options, debug: true }, { isInContainer: true });

    assert.match(step.log, /^##\[debug\]Set env: SECRET_S=\*\*\*$/m);
    assert.match(step.raw.join('\n'), /Set env: SECRET_S=a-secret-9000/);
  });

  it('has what was prepended put before the PATH of the container', async () => {
    const step = await withAgent(
      { script: `if (env.INPUT_TEXT === 'set') say('##vso[task.prependpath]/first'); else say(env.PATH)` },
      {},
      async (agent) => {
        await agent.runStep({ inputs: { text: 'set' } });
        return agent.runStep({ inputs: {}, isInContainer: true });
      },
    );

    assert.match(step.raw.find((line) => line.startsWith('/first:')) ?? '', /^\/first:\//);
  });

  it('hands on the exit code', async () => {
    const step = await runTask('process.exitCode = 4', {}, { isInContainer: true });

    assert.match(step.issues[0]?.message ?? '', /^Exit code 4 returned/);
  });
});
