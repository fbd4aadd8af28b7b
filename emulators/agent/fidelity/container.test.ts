import assert from 'node:assert/strict';
import { runTask, withAgent } from './bench.js';

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
