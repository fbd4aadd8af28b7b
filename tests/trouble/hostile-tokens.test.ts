import assert from 'node:assert/strict';
import { entraIdentity } from '#task/adapters/azure-devops/sign-in/entra.js';
import { tokenIdentity } from '#task/adapters/azure-devops/sign-in/connections.js';
import { SecretValue } from '#task/domain/secret-value.js';
import type { FinishedStep, MiniAgentOptions } from '../../emulators/agent/mini-agent.js';
import { aServiceConnection } from '../support/builders.js';
import { HostileServices } from '../support/hostile-services.js';
import { ScriptedHttp } from '../support/scripted-http.js';
import { endpointOf } from '../support/world.js';
import { connectionId, hostileAgent, identityId } from './hostile-agent.js';

const noTokens: [title: string, text: string, why: RegExp][] = [
  ['a letter', 'Q', /too short \(1 characters; a token has at least 16\)/],
  ['a word that stands in every log', 'Nothing written', /too short \(15 characters/],
  ['a sentence', 'Nothing was written.', /contains a space, a line break or another character/],
  ['lines', 'a-token-that-is-long\nenough', /contains a space, a line break/],
  ['letters outside ASCII', 'ä-token-that-is-long-enough', /contains a space, a line break/],
  ['a header of its own', 'a-token-that-is-long\r\nX-Evil: 1', /contains a space, a line break/],
  ['17 kB', 'x'.repeat(17_000), /too long \(17000 characters; a token has at most 16384\)/],
];

describe('what is no token', () => {
  let services: HostileServices;
  beforeEach(async () => {
    services = await HostileServices.start();
  });
  afterEach(() => services.close());

  const refused = async (agent: Partial<MiniAgentOptions>, message: RegExp): Promise<FinishedStep> => {
    const step = await hostileAgent(services, agent);
    assert.equal(step.result, 'Failed');
    const text = step.issues.map((issue) => issue.message).join('\n');
    assert.match(text, message);
    assert.doesNotMatch(text, /This is a bug in this task/);
    return step;
  };
  const maskedByTask = (step: FinishedStep): string[] =>
    step.commands.flatMap(({ event, data }) => (event === 'setsecret' ? [data] : []));

  for (const [title, text, why] of noTokens) {
    it(`is not masked, whoever gives it: Infisical, ${title}`, async () => {
      services.answers = [{ path: /login/, body: JSON.stringify({ accessToken: text }) }];

      const step = await refused({}, /answered the login with an access token that/);

      assert.match(step.issues[0]?.message ?? '', why);
      assert.ok(!maskedByTask(step).includes(text));
    });

    it(`is not masked, whoever gives it: Azure DevOps, for OIDC, ${title}`, async () => {
      services.answers = [{ path: /oidc/, body: JSON.stringify({ oidcToken: text }) }];
      const oidc = { id: connectionId, ...endpointOf(services.url, 'oidc', identityId) };

      const step = await refused(
        { endpoints: [oidc], variables: { 'system.oidcRequestUri': `${services.url}/oidc` } },
        /gave this job an OIDC token for infisicalConnection that/,
      );

      assert.match(step.issues[0]?.message ?? '', why);
      assert.ok(!maskedByTask(step).includes(text));
    });

    it(`is not masked, whoever gives it: Entra, ${title}`, async () => {
      const masked: SecretValue[] = [];
      const identity = entraIdentity(
        {
          id: 'c',
          input: 'azureDevOpsConnection',
          collectionUrl: 'https://h/o',
          tenantId: 't',
          clientId: 'a',
          authority: 'https://login',
        },
        {
          http: new ScriptedHttp(() => ({
            status: 200,
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ access_token: text }),
          })),
          mask: (values) => masked.push(...values),
          oidcToken: () =>
            Promise.resolve({ jwt: new SecretValue('j'), issuer: '', subject: '', audience: '' }),
        },
      );

      await assert.rejects(identity.authorization(), {
        name: 'DestinationError',
        message: /^Microsoft Entra gave azureDevOpsConnection an access token that .*authority/,
      });
      assert.deepEqual(masked, []);
    });

    it(`is refused where somebody typed it, before it is sent: ${title}`, async () => {
      const token = endpointOf(services.url, 'token');
      const parameters = { apitoken: text };

      await refused(
        { endpoints: [{ id: connectionId, ...token, parameters }] },
        /infisicalConnection: its access token (?:is too|contains) .*\. Copy it again/,
      );
      assert.deepEqual(services.asked, []);
      assert.throws(
        () => tokenIdentity(aServiceConnection({ url: 'https://h/org', parameters })),
        /azureDevOpsTokenConnection: its personal access token (?:is too|contains) /,
      );
    });
  }

  it('is refused where it should be that of the job', async () => {
    await refused({ jobToken: 'Q' }, /^The agent gave this step a job token that is too short/);
  });
});
