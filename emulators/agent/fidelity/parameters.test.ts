import assert from 'node:assert/strict';
import { runTask } from './bench.js';

const id = '5b2f6a1e-0000-4000-8000-00000000000a';
const headers = 'X-Gateway-Key: gateway-key-12345\nX-Team: shop';
const endpoint = {
  id,
  name: 'c',
  type: 'thing',
  url: 'https://host/infisical',
  scheme: 'None',
  parameters: { identityId: 'identity-1', organizationSlug: '', requestHeaders: headers },
};
const show = (expression: string) =>
  runTask(`say(JSON.stringify(${expression}))`, { endpoints: [endpoint] }, { inputs: { connection: 'c' } });

describe('a connection of the scheme None', () => {
  it('hands over what its form asks for, in parameters of upper case and as JSON', async () => {
    const { raw } = await show(
      `[...['IDENTITYID', 'ORGANIZATIONSLUG', 'REQUESTHEADERS'].map((name) => env['ENDPOINT_AUTH_PARAMETER_${id}_' + name]), JSON.parse(env['ENDPOINT_AUTH_${id}']), env['ENDPOINT_AUTH_SCHEME_${id}']]`,
    );

    const said: unknown = JSON.parse(raw.find((line) => line.startsWith('["identity-1"')) ?? 'null');
    assert.deepEqual(said, [
      'identity-1',
      '',
      headers,
      { parameters: endpoint.parameters, scheme: 'None' },
      'None',
    ]);
  });

  it('has a value of several lines masked as a whole, and no line of it', async () => {
    const { log } = await runTask(
      `for (const line of env['ENDPOINT_AUTH_PARAMETER_${id}_REQUESTHEADERS'].split('\\n')) say('line ' + line); say('id ' + env['ENDPOINT_AUTH_PARAMETER_${id}_IDENTITYID'])`,
      { endpoints: [endpoint] },
      { inputs: { connection: 'c' } },
    );

    assert.match(log, /^line X-Gateway-Key: gateway-key-12345$/m);
    assert.match(log, /^id \*\*\*$/m);
  });
});
