import assert from 'node:assert/strict';
import { idsIn, parseGuid, type Endpoint } from '../endpoints.js';
import type { FinishedStep, MiniAgentOptions } from '../mini-agent.js';
import { runTask, withAgent } from './bench.js';

const show = `say(JSON.stringify(env))`;
const environmentOf = (step: FinishedStep): Record<string, string> =>
  JSON.parse(step.raw.at(-1) ?? '{}') as Record<string, string>;

describe('service connections', () => {
  const id = 'AAAAAAAA-0000-4000-8000-000000000001';
  const endpoint: Endpoint = {
    id,
    name: 'c',
    type: 'thing',
    url: 'https://HOST',
    scheme: 'Token',
    parameters: { 'Api Token': 'tok-12345' },
    data: { 'some.key': '$(v)-$(HOME)' },
  };
  const run = (
    options: Partial<MiniAgentOptions> = {},
    inputs: Record<string, string> = { connection: 'c' },
  ) => runTask(show, { endpoints: [endpoint], variables: { v: 'V' }, ...options }, { inputs });

  it('are handed over by their ID in lower case, their data expanded', async () => {
    const environment = environmentOf(await run());

    const key = id.toLowerCase();
    assert.deepEqual(
      [
        environment['INPUT_CONNECTION'],
        environment[`ENDPOINT_URL_${key}`],
        environment[`ENDPOINT_AUTH_${key}`],
        environment[`ENDPOINT_AUTH_SCHEME_${key}`],
        environment[`ENDPOINT_AUTH_PARAMETER_${key}_API_TOKEN`],
      ],
      [
        id,
        'https://host/',
        '{"parameters":{"Api Token":"tok-12345"},"scheme":"Token"}',
        'Token',
        'tok-12345',
      ],
    );
    const data = `V-${environment['HOME'] ?? ''}`;
    assert.deepEqual(
      [environment[`ENDPOINT_DATA_${key}`], environment[`ENDPOINT_DATA_${key}_SOME_KEY`]],
      [JSON.stringify({ 'some.key': data }), data],
    );
  });

  it('are not handed over when no input names them', async () => {
    const names = Object.keys(environmentOf(await run({}, {})));

    assert.deepEqual(names.filter((name) => name.startsWith('ENDPOINT_')).sort(), [
      'ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN',
      'ENDPOINT_AUTH_SCHEME_SYSTEMVSSCONNECTION',
      'ENDPOINT_AUTH_SYSTEMVSSCONNECTION',
      'ENDPOINT_URL_SYSTEMVSSCONNECTION',
    ]);
  });

  it("the job's own is always there, without data", async () => {
    const environment = environmentOf(await run({}, {}));

    assert.equal(
      environment['ENDPOINT_AUTH_SYSTEMVSSCONNECTION'],
      '{"parameters":{"AccessToken":"job-token-value"},"scheme":"OAuth"}',
    );
  });

  it('stop the step for a fork that gets no secrets', async () => {
    const variables = { 'system.restrictSecrets': 'true', 'system.pullRequest.isFork': 'True' };

    assert.equal((await run({ variables })).result, 'Skipped');
    assert.equal((await run({ variables }, {})).result, 'Succeeded');
  });

  it('are named by an ID in any spelling of .NET, several with commas', () => {
    const digits = 'aaaaaaaa00004000800000000000000f';

    assert.equal(parseGuid(`{${digits.toUpperCase()}}`), 'aaaaaaaa-0000-4000-8000-00000000000f');
    assert.deepEqual(
      [...idsIn([`nope, ${digits}`, '00000000-0000-0000-0000-000000000000'])],
      ['aaaaaaaa-0000-4000-8000-00000000000f'],
    );
  });

  it('can be changed by a step for the next', async () => {
    const script = `if (env.INPUT_TEXT === 'change') say('##vso[task.setendpoint field=url;id=' + env.INPUT_CONNECTION + ']http://changed/'); else ${show}`;
    const step = await withAgent({ script }, { endpoints: [endpoint] }, async (agent) => {
      await agent.runStep({ inputs: { connection: 'c', text: 'change' } });
      return agent.runStep({ inputs: { connection: 'c' } });
    });

    assert.equal(environmentOf(step)[`ENDPOINT_URL_${id.toLowerCase()}`], 'http://changed/');
  });
});
