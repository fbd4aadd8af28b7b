import assert from 'node:assert/strict';
import { parseEntraConnection } from '#task/adapters/azure-devops/sign-in/connections.js';
import { tokenRefusal } from '#task/adapters/entra/token-refusals.js';
import { groupRefusal } from '#task/adapters/azure-devops/group/group-refusals.js';
import { isNotSignedIn, typeKeyOf } from '#task/adapters/azure-devops/refusals.js';
import type { HttpResponse } from '#task/adapters/http/exchange.js';
import { SecretValue } from '#task/domain/secret-value.js';
import { AzureDevOpsApi } from '#task/adapters/azure-devops/api.js';
import { DefinitionApi } from '#task/adapters/azure-devops/definition/definition-api.js';
import { answer } from '../../support/answers.js';
import { aServiceConnection, anIdentity } from '../../support/builders.js';
import { ScriptedHttp } from '../../support/scripted-http.js';

describe('what Azure DevOps refuses', () => {
  const about = {
    action: 'update' as const,
    group: 'g',
    project: 'P',
    identity: anIdentity(),
  };

  for (const [status, body, headers, expected] of [
    [401, '', {}, true],
    [203, '<html>', { 'content-type': 'text/html' }, true],
    [302, '', { location: '/_signin' }, true],
    [200, '<html>', { 'content-type': 'text/html' }, true],
    [200, '{}', { 'content-type': 'application/json' }, false],
    [204, '', {}, false],
    [500, '<html>', { 'content-type': 'text/html' }, false],
  ] as const) {
    it(`${String(status)} ${JSON.stringify(headers)} is ${expected ? '' : 'not '}a refused token`, () => {
      assert.equal(isNotSignedIn(answer(status, body, headers)), expected);
    });
  }

  const cases: [HttpResponse, RegExp][] = [
    [
      answer(401, ''),
      /refused to change the variable group "g" in project "P": it did not accept the job’s token/,
    ],
    [
      answer(401, { message: 'VS403463: The conditional access policy has failed.' }),
      /A Conditional Access policy of Microsoft Entra blocks "P Build Service \(o\)"/,
    ],
    [
      answer(400, { typeKey: 'ProjectDoesNotExistException' }),
      /has no project "P", or "P Build Service \(o\)" may not see it/,
    ],
    [
      answer(403, { typeKey: 'AccessDeniedException' }),
      /may not change the variable group "g".*Administrator/,
    ],
    [answer(429, {}), /limits the rate/],
    [answer(500, {}), /internal error when asked to change the variable group "g" in project "P"/],
    [
      answer(400, { typeKey: 'ArgumentException' }),
      /refused the content.*leave them out with tags\. \(status 400, ArgumentException/,
    ],
    [answer(405, ''), /refused to change the variable group "g" in project "P"\. Check azureDevOpsProject/],
  ];
  for (const [response, message] of cases) {
    it(`${String(response.status)} ${typeKeyOf(response) ?? ''} → ${message.source.slice(0, 40)}`, () => {
      assert.match(groupRefusal(response, about).message, message);
    });
  }

  it('names the one group that it could not find in a list', () => {
    assert.match(
      groupRefusal(answer(404, ''), { ...about, action: 'read' }).message,
      /refused to read the variable group "g" in project "P"\. .*check that its URL ends with the organization/,
    );
  });

  it('leads to the URL of the service connection where nothing is there', () => {
    const identity = { ...anIdentity('https://dev.azure.com/othr/'), whenNotFound: 'Check the URL.' };
    const bare = answer(404, '<html>', { 'content-type': 'text/html' });

    assert.equal(
      groupRefusal(bare, { ...about, action: 'read', identity }).message,
      'Azure DevOps found nothing at "https://dev.azure.com/othr/" when asked to read the variable group "g" in project "P". Check the URL. (status 404)',
    );
    assert.match(groupRefusal(bare, { ...about, action: 'read' }).message, /refused to read/);
    assert.match(
      groupRefusal(answer(404, { typeKey: 'ProjectDoesNotExistWithNameException' }), { ...about, identity })
        .message,
      /has no project "P"/,
    );
  });

  it('names the length of a name that may be too long, where a group is created', () => {
    const long = { ...about, group: 'g'.repeat(140) };
    const refused = answer(400, { typeKey: 'ArgumentException' });

    assert.match(groupRefusal(refused, { ...long, action: 'create' }).message, /Its name has 140 characters/);
    assert.match(groupRefusal(refused, long).message, /refused the content/);
    assert.match(groupRefusal(refused, { ...about, action: 'create' }).message, /refused the content/);
  });

  it('names the role that reading and deleting need', () => {
    const denied = answer(403, {});

    assert.match(
      groupRefusal(denied, { ...about, action: 'read' }).message,
      /may not read the variable group/,
    );
    assert.match(
      groupRefusal(denied, { ...about, action: 'delete' }).message,
      /may not delete the variable group/,
    );
    assert.match(groupRefusal(denied, { ...about, action: 'create' }).message, /Creator role/);
  });

  it('quotes every name that it says, whatever the answer', () => {
    const raw = 'ev\nil';
    const http = new ScriptedHttp(() => answer(404, {}));
    const api = new AzureDevOpsApi(anIdentity(), http);
    const definitions = new DefinitionApi({ api, project: raw, projectTitle: raw, pipelineId: 7 });
    const answers = [...cases.map(([response]) => response), answer(404, {}), answer(400, {})];
    for (const response of answers) {
      for (const action of ['read', 'create', 'update', 'delete'] as const) {
        const { message } = groupRefusal(response, { ...about, group: raw, project: raw, action });
        assert.ok(!message.includes(raw), message);
      }
      for (const action of ['read', 'update'] as const) {
        const { message } = definitions.refusal(response, action);
        assert.ok(!message.includes(raw), message);
      }
    }
  });

  it('shows no type key that is not a name, and never the service’s own words', () => {
    const hostile = answer(400, { typeKey: '##vso[task.complete]', message: 'canary-message' });

    assert.doesNotMatch(groupRefusal(hostile, about).message, /vso|canary-message/);
  });
});

describe('what Microsoft Entra refuses', () => {
  const federation = parseEntraConnection(
    aServiceConnection({
      url: 'https://dev.azure.com/org/',
      scheme: 'WorkloadIdentityFederation',
      parameters: { tenantid: 'tenant-1', serviceprincipalid: 'app-1' },
    }),
  );
  const oidc = {
    jwt: new SecretValue('header.payload.signature'),
    issuer: 'https://vstoken.dev.azure.com/org-id',
    subject: 'sc://org/project/azure-devops',
    audience: 'api://AzureADTokenExchange',
  };
  const about = { federation, resource: 'r', oidc };
  const refused = (body: unknown, status = 401): string => tokenRefusal(answer(status, body), about).message;

  for (const [code, message] of [
    [700213, /no federated credential for this token on the application/],
    [70021, /no federated credential/],
    [700016, /no application with the client ID of .* in the tenant "tenant-1"/],
    [90002, /no tenant "tenant-1"/],
    [70052, /applications of a single tenant/],
    [53003, /Conditional Access policy.*blocks the application/],
    [700024, /not valid at this time/],
    [50000, /gave no token for azureDevOpsConnection/],
  ] as const) {
    it(`AADSTS${String(code)} → ${message.source}`, () => {
      const shown = refused({ error: 'invalid_request', error_description: 'canary', error_codes: [code] });

      assert.match(shown, message);
      assert.match(shown, new RegExp(`AADSTS${String(code)}`));
      assert.doesNotMatch(shown, /canary|payload/);
    });
  }

  it('reads the number from the words where it stands nowhere else', () => {
    assert.match(refused({ error_description: 'AADSTS700016: Application …' }), /no application/);
  });

  it('shows what the job’s token says as lines to paste', () => {
    assert.deepEqual(
      refused({ error_codes: [700213] })
        .split('\n')
        .slice(1),
      [
        '  Issuer: https://vstoken.dev.azure.com/org-id',
        '  Subject identifier: sc://org/project/azure-devops',
        '  Audience: api://AzureADTokenExchange',
        '(status 401, AADSTS700213)',
      ],
    );
  });

  it('tells trouble of its own and pages for people apart', () => {
    assert.match(refused({}, 503), /internal error or is overloaded/);
    assert.match(
      tokenRefusal(answer(200, '<html>', { 'content-type': 'text/html' }), about).message,
      /did not answer in JSON/,
    );
  });
});
