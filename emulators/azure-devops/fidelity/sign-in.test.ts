import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { Identity } from '../identities.js';
import { asking, groups, organizationGroups, refusalOf, type Asked, type Question } from './asking.js';

const pat = 'a-pat';
const basic = `Basic ${Buffer.from(`me:${pat}`).toString('base64')}`;
const bearer = 'Bearer the-token';
const basicRealm = 'Basic realm="https://app.visualstudio.com/"';
const anonymous =
  "TF400813: The user 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa' is not authorized to access this resource.";
const expired = 'Access Denied: The Personal Access Token used has expired.';

interface Case {
  title: string;
  authorization?: string;
  me?: Partial<Identity>;
  /** Status and what the body says, for whoever asks for a status. */
  suppressed: [status: number, text: string];
  /** Status of GET, POST and PATCH for whoever does not. */
  others: [get: number, post: number, patch: number];
}

const cases: Case[] = [
  { title: 'no credentials', suppressed: [401, ''], others: [203, 203, 302] },
  {
    title: 'an empty token',
    authorization: 'Bearer ',
    suppressed: [401, ''],
    others: [203, 203, 302],
  },
  {
    title: 'a PAT that nobody knows',
    authorization: 'Basic OmdhcmJhZ2U=',
    suppressed: [401, anonymous],
    others: [203, 203, 302],
  },
  {
    title: 'a PAT without the scope',
    authorization: basic,
    me: { scopes: [] },
    suppressed: [401, ''],
    others: [401, 401, 401],
  },
  {
    title: 'an expired PAT',
    authorization: basic,
    me: { expired: true },
    suppressed: [401, expired],
    others: [401, 401, 401],
  },
  {
    title: 'an expired bearer token',
    authorization: bearer,
    me: { expired: true },
    suppressed: [401, anonymous],
    others: [203, 203, 401],
  },
  {
    title: 'somebody who is not in the organization',
    authorization: bearer,
    me: { isMember: false, account: 'tenant\\stranger' },
    suppressed: [401, "TF400813: The user 'tenant\\stranger' is not authorized to access this resource."],
    others: [203, 203, 302],
  },
];

const blocked =
  'VS403463: The conditional access policy defined by your Microsoft Entra administrator has failed.';

const target = `/example-org/${groups}?api-version=7.1`;
const headersOf = (authorization: string | undefined): Record<string, string> =>
  authorization === undefined ? {} : { Authorization: authorization };

describe('a refused sign-in', () => {
  for (const { title, authorization, me, suppressed, others } of cases) {
    it(`is a status for whoever asks for one: ${title}`, () =>
      asking({ me: { pat, ...me } }, async ({ askBare }) => {
        const headers = { ...headersOf(authorization), 'X-TFS-FedAuthRedirect': 'Suppress' };

        for (const method of ['GET', 'POST', 'PATCH']) {
          const { status, body, text } = await askBare(method, target, headers);
          assert.deepEqual([status, text && (body as { message: string }).message], suppressed);
        }
      }));

    it(`is ${others.join(', ')} for GET, POST, PATCH otherwise: ${title}`, () =>
      asking({ me: { pat, ...me } }, async ({ askBare }) => {
        const answers = [
          await askBare('GET', target, headersOf(authorization)),
          await askBare('POST', target, headersOf(authorization)),
          await askBare('PATCH', target, headersOf(authorization)),
        ];

        assert.deepEqual(
          answers.map(({ status }) => status),
          others,
        );
        for (const { headers } of answers.filter(({ status }) => status === 203))
          assert.equal(headers['content-type'], 'text/html; charset=utf-8');
        for (const { headers } of answers.filter(({ status }) => status === 302))
          assert.match(headers.location ?? '', /\/_signin\?realm=dev\.azure\.com&reply_to=http/);
      }));
  }

  it('is always a redirect when the switch says so, and whoever follows it is shown a page with 200', () =>
    asking({ switches: { signIn: 'redirect' } }, async ({ askBare }) => {
      const { status, headers } = await askBare('GET', target);
      const { pathname, search } = new URL(headers.location ?? '');
      const page = await askBare('GET', `${pathname}${search}`);

      assert.deepEqual([status, page.status], [302, 200]);
      assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
    }));

  it('shows a person the reason on a page, for an expired PAT', () =>
    asking({ me: { pat, expired: true } }, async ({ askBare }) => {
      const { text } = await askBare('GET', target, headersOf(basic));

      assert.ok(text.includes(`<title>${expired}</title>`));
    }));

  it('is 403 for programs and a page for people, where Conditional Access does not let somebody in', () =>
    asking({ me: { pat, isBlockedByPolicy: true } }, async ({ askBare }) => {
      for (const authorization of [bearer, basic]) {
        const answers = [
          await askBare('GET', target, { ...headersOf(authorization), 'X-TFS-FedAuthRedirect': 'Suppress' }),
          await askBare('POST', target, { ...headersOf(authorization), Accept: 'application/json' }),
        ];
        const page = await askBare('GET', target, headersOf(authorization));

        for (const answer of answers)
          assert.deepEqual(refusalOf(answer), {
            status: 403,
            typeKey: 'VssServiceException',
            message: blocked,
          });
        assert.equal(page.status, 403);
        assert.ok(page.text.includes(`<title>${blocked}</title>`));
      }
    }));

  it('names the tenant of the organization, in two headers of one name', () =>
    asking({ me: { isMember: false }, tenant: 'the-tenant' }, async ({ ado }) => {
      const { headersDistinct } = await rawAnswer(`${ado.collectionUrl}_apis/projects`);

      const [first, second, ...rest] = headersDistinct['www-authenticate'] ?? [];
      assert.match(first ?? '', /^Bearer authorization_uri=\S+\/the-tenant$/);
      assert.deepEqual([second, rest], ['TFS-Federated', []]);
      assert.deepEqual(headersDistinct['x-vss-resourcetenant'], ['the-tenant']);
    }));

  it('says where a password would be good for, when a PAT does not reach', () =>
    asking({ me: { scopes: [] } }, async ({ ask }) => {
      const { headers } = await ask('GET _apis/nowhere');

      assert.equal(headers['www-authenticate'], basicRealm);
    }));
});

/** With its header lines as they came: other clients join those of one name. */
async function rawAnswer(url: string): Promise<IncomingMessage> {
  const headers = { Authorization: bearer, 'X-TFS-FedAuthRedirect': 'Suppress' };
  const [response] = (await once(get(url, { headers }), 'response')) as [IncomingMessage];
  return response.resume();
}

describe('a PAT', () => {
  for (const user of ['', 'PAT', 'anything']) {
    it(`is taken whatever the user name: "${user}"`, () =>
      asking({ me: { pat } }, async ({ askBare }) => {
        const authorization = `Basic ${Buffer.from(`${user}:${pat}`).toString('base64')}`;

        assert.equal((await askBare('GET', target, headersOf(authorization))).status, 200);
      }));
  }

  const body = { name: 'web', variables: { A: { value: 'x' } } };
  const manage = 'vso.variablegroups_manage';
  const scoped: [scopes: string[], request: string, version: string, question: Question, status: number][] = [
    [['vso.variablegroups_read'], `GET ${groups}`, '7.1', {}, 200],
    [['vso.variablegroups_read'], `POST ${groups}`, '7.1', { body }, 401],
    [[manage], `GET ${groups}`, '7.1', {}, 200],
    [[manage], `POST ${groups}`, '7.1', { body }, 200],
    [[manage], `DELETE ${organizationGroups}/9?projectIds=x`, '7.1', {}, 204],
    [[manage], `DELETE ${organizationGroups}/9?projectIds=x`, '7.0', {}, 401],
    [[manage], 'PATCH Shop/_apis/build/authorizedresources', '7.1-preview.1', { body: [] }, 401],
    [
      ['vso.build_execute', 'vso.pipelineresources_manage'],
      'PATCH Shop/_apis/build/authorizedresources',
      '7.1-preview.1',
      { body: [] },
      200,
    ],
    [['vso.build'], 'GET Shop/_apis/build/definitions', '7.1', {}, 200],
    [['vso.build'], 'POST Shop/_apis/build/definitions', '7.1', { body: { name: 'ci' } }, 401],
    [['vso.build_execute'], 'POST Shop/_apis/build/definitions', '7.1', { body: { name: 'ci' } }, 200],
  ];
  for (const [scopes, request, version, question, status] of scoped) {
    it(`with ${scopes.join(' and ')} gets ${String(status)} for ${request} at ${version}`, () =>
      asking({ me: { scopes } }, async ({ ask }: Asked) => {
        assert.equal((await ask(request, { ...question, version })).status, status);
      }));
  }
});
