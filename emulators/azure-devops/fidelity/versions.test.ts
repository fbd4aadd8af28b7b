import assert from 'node:assert/strict';
import type { Profile } from '../versions.js';
import { asking, groups, organizationGroups, refusalOf } from './asking.js';

const body = { name: 'web', variables: { A: { value: 'x' } } };
const open = 'Shop/_apis/pipelines/pipelinepermissions/variablegroup/1';
const outOfRange = 'VssVersionOutOfRangeException';
const preview = 'VssInvalidPreviewVersionException';

describe('an api-version', () => {
  const cases: [profile: Profile, request: string, version: string, outcome: string | number][] = [
    ['services', `GET ${groups}`, '3.1-preview.1', 200],
    ['services', `GET ${groups}`, '3.0-preview.1', outOfRange],
    ['services', `GET ${groups}`, '5.0-preview.1', 200],
    ['services', `GET ${groups}`, '5.0', preview],
    ['services', `GET ${groups}`, '6.1', preview],
    ['services', `GET ${groups}`, '6.0-preview.2', 200],
    ['services', `GET ${groups}`, '7.0', 200],
    ['services', `GET ${groups}`, '7.1', 200],
    ['services', `GET ${groups}`, '7.2', preview],
    ['services', `GET ${groups}`, '7.2-preview.2', 200],
    ['services', `GET ${groups}`, '7.3-preview.1', outOfRange],
    ['services', `GET ${groups}`, 'latest', outOfRange],
    ['services', `POST ${groups}`, '5.0-preview.1', 200],
    ['services', `POST ${groups}`, '7.1-preview.2', 200],
    ['services', `DELETE ${organizationGroups}/1?projectIds=x`, '5.1-preview.1', outOfRange],
    ['services', `DELETE ${organizationGroups}/1?projectIds=x`, '5.2-preview.2', 204],
    ['services', `DELETE ${organizationGroups}/1?projectIds=x`, '7.1', 204],
    ['services', 'GET Shop/_apis/build/definitions', '5.0', 200],
    ['services', 'GET Shop/_apis/build/authorizedresources', '7.1', preview],
    ['services', 'GET Shop/_apis/build/authorizedresources', '7.2-preview.1', 200],
    ['services', `GET ${open}`, '7.1', preview],
    ['services', `GET ${open}`, '7.1-preview.1', 200],
    ['services', 'GET _apis/connectionData', '7.1', preview],
    ['services', 'GET _apis/connectionData', '7.1-preview', 200],
    ['services', 'GET _apis/ResourceAreas', '7.1', preview],
    ['server-2022', `GET ${groups}`, '7.0', 200],
    ['server-2022', `GET ${groups}`, '7.1', outOfRange],
    ['server-2022', `DELETE ${organizationGroups}/1?projectIds=x`, '7.0', 204],
    ['server-2022.1', `GET ${groups}`, '7.1', 200],
    ['server-2022.1', `GET ${groups}`, '7.2-preview.2', outOfRange],
    ['server-2020', `GET ${groups}`, '6.0-preview.2', 200],
    ['server-2020', `GET ${groups}`, '6.0', preview],
    ['server-2020', `DELETE ${organizationGroups}/1?projectIds=x`, '6.0-preview.2', 204],
    ['server-2019', `GET ${groups}`, '5.1-preview.1', 200],
    ['server-2019', `GET ${groups}`, '5.1', preview],
    ['server-2019', `GET ${groups}`, '6.0-preview.2', outOfRange],
    ['server-2019', `DELETE ${groups}/1`, '5.0-preview.1', 204],
  ];
  for (const [profile, request, version, outcome] of cases) {
    it(`gives ${String(outcome)} to ${request} at ${version} on ${profile}`, () =>
      asking({ profile }, async ({ ask }) => {
        const answer = await ask(request, { version, ...(request.startsWith('POST') ? { body } : {}) });

        assert.equal(typeof outcome === 'number' ? answer.status : refusalOf(answer).typeKey, outcome);
        if (typeof outcome === 'string') assert.equal(answer.status, 400);
      }));
  }

  it('may be left out of a read, not of a write', () =>
    asking({}, async ({ ask }) => {
      assert.equal((await ask(`GET ${groups}`, { version: '' })).status, 200);
      const refused = refusalOf(await ask(`POST ${groups}`, { version: '', body }));

      assert.deepEqual([refused.status, refused.typeKey], [400, 'VssVersionNotSpecifiedException']);
      assert.match(String(refused.message), /^No api-version was supplied for the "POST" request\./);
    }));

  for (const accept of ['application/json;api-version=5.1-preview.1', 'application/json; api-version=7.1']) {
    it(`comes in Accept too, and the answer repeats it: ${accept}`, () =>
      asking({}, async ({ ask }) => {
        const { headers } = await ask(`GET ${groups}`, { version: '', headers: { Accept: accept } });

        const version = accept.split('api-version=')[1] ?? '';
        assert.equal(headers['content-type'], `application/json; charset=utf-8; api-version=${version}`);
      }));
  }

  it('that is too new or a preview is refused in the service’s words', () =>
    asking({ profile: 'server-2019' }, async ({ ask }) => {
      const messages = [
        await ask(`GET ${groups}`, { version: '7.0' }),
        await ask(`GET ${groups}`, { version: '5.1' }),
      ].map((answer) => refusalOf(answer).message);

      assert.deepEqual(messages, [
        'The requested REST API version of 7.0 is out of range for this server. The latest REST API version this server supports is 5.1.',
        'The requested version "5.1" of the resource is under preview. The -preview flag must be supplied in the api-version for such requests. For example: "5.1-preview"',
      ]);
    }));
});

describe('Azure DevOps Server', () => {
  for (const [profile, newest] of [
    ['server-2019', '5.1'],
    ['server-2020', '6.0'],
    ['server-2022', '7.0'],
    ['server-2022.1', '7.1'],
  ] as const) {
    it(`takes versions up to its own: ${profile}`, () =>
      asking({ profile }, async ({ ask }) => {
        const inRange = await ask('GET _apis/projects', { version: newest });
        const beyond = await ask('GET _apis/projects', {
          version: (Number(newest) + 0.1).toFixed(1),
        });

        assert.equal(inRange.status, 200);
        assert.match(
          String(refusalOf(beyond).message),
          new RegExp(`The latest REST API version this server supports is ${newest}\\.$`),
        );
      }));

    it(`has no other hosts to name: ${profile}`, () =>
      asking({ profile }, async ({ ask }) => {
        const answer = await ask('GET _apis/ResourceAreas', { version: '5.0-preview.1' });

        assert.deepEqual(answer.body, { count: 0, value: null });
      }));

    it(`says that it is no cloud: ${profile}`, () =>
      asking({ profile }, async ({ ask }) => {
        const { body: data } = await ask('GET _apis/connectionData', { version: '' });

        assert.equal((data as { deploymentType: string }).deploymentType, 'onPremises');
      }));

    it(`has a token for jobs at 7.1 only: ${profile}`, () =>
      asking({ profile }, async ({ ado, askBare }) => {
        const job = ado.addJob({ project: 'Shop' });
        const target = `${new URL(job.oidcRequestUri).pathname}?api-version=${newest}`;
        const { status } = await askBare('POST', target, { Authorization: 'Bearer the-token' });

        assert.equal(status, newest === '7.1' ? 200 : 404);
        assert.equal(ado.oidcRequestUri(job) !== undefined, newest === '7.1');
      }));
  }

  it('2019 has neither groups of the organization nor permissions of pipelines', () =>
    asking({ profile: 'server-2019' }, async ({ ask }) => {
      for (const path of [organizationGroups, open]) {
        const answer = await ask(`GET ${path}`, { version: '5.1-preview.1' });
        assert.deepEqual([answer.status, answer.headers['content-type']], [404, 'text/plain; charset=utf-8']);
      }
    }));

  it('2019 shows no references to projects, later ones do', async () => {
    const shown: boolean[] = [];
    for (const profile of ['server-2019', 'server-2020', 'server-2022', 'services'] as const) {
      await asking({ profile }, async ({ ask }) => {
        const { body: group } = await ask(`POST ${groups}`, { version: '5.0-preview.1', body });
        shown.push('variableGroupProjectReferences' in (group as object));
      });
    }

    assert.deepEqual(shown, [false, true, true, true]);
  });

  it('may be below a path of its own', () =>
    asking({ profile: 'server-2022', organization: 'tfs/DefaultCollection' }, async ({ ado, ask }) => {
      assert.match(ado.collectionUrl, /\/tfs\/DefaultCollection\/$/);
      assert.equal((await ask(`GET ${groups}`, { version: '7.0' })).status, 200);
    }));
});

describe('discovery', () => {
  it('names a host of its own for releases, and the right ID for builds', () =>
    asking({ origins: { vsrm: 'https://vsrm.example' } }, async ({ ado, ask }) => {
      const { body: areas } = await ask('GET _apis/ResourceAreas', { version: '7.1-preview.1' });
      const { value } = areas as { value: { id: string; locationUrl: string }[] };
      const urlOf = (id: string) => value.find((area) => area.id === id)?.locationUrl;

      assert.equal(
        urlOf('efc2f575-36ef-48e9-b672-0c6fb4a48ac5'),
        `https://vsrm.example/${ado.organization}/`,
      );
      assert.equal(urlOf('965220d5-5bb9-42cf-8d67-9b146df2a5a4'), ado.collectionUrl);
    }));

  it('names the address of whatever stands before it, except for issuers of tokens', () =>
    asking({}, async ({ ado, ask }) => {
      ado.standBehind('https://devops.example');

      const { body: areas } = await ask('GET _apis/ResourceAreas', { version: '7.1-preview.1' });

      const { value } = areas as { value: { locationUrl: string }[] };
      assert.deepEqual([...new Set(value.map(({ locationUrl }) => locationUrl))], [ado.collectionUrl]);
      assert.equal(ado.collectionUrl, 'https://devops.example/example-org/');
      assert.deepEqual(
        Object.values(ado.issuers).map((issuer) => new URL(issuer).origin),
        [ado.origin, ado.origin],
      );
    }));

  for (const [area, resources] of [
    ['distributedtask', ['oidctoken', 'variablegroups', 'variablegroups']],
    ['build', ['Definitions', 'authorizedresources']],
    ['Location', ['ConnectionData', 'ResourceAreas']],
    ['nonsense', []],
  ] as const) {
    it(`lists what an area has: ${area}`, () =>
      asking({}, async ({ ask }) => {
        const { body: list } = await ask(`OPTIONS _apis/${area}`, { version: '' });

        const { value } = list as { value: { resourceName: string }[] };
        assert.deepEqual(value.map(({ resourceName }) => resourceName).sort(), resources);
      }));
  }

  it('lists the projects that the caller sees', () =>
    asking({ me: { projects: ['Other Shop'] } }, async ({ ask, other }) => {
      const { body: list } = await ask('GET _apis/projects');

      const { count, value } = list as { count: number; value: { id: string }[] };
      assert.deepEqual([count, value.map(({ id }) => id)], [1, [other.id]]);
    }));

  it('shows a project by name and by ID', () =>
    asking({}, async ({ ask, other }) => {
      for (const named of ['other%20shop', other.id]) {
        const { body: project } = await ask(`GET _apis/projects/${named}`);
        const { id, name } = project as { id: string; name: string };
        assert.deepEqual({ id, name }, { id: other.id, name: 'Other Shop' });
      }
    }));

  it('shows who finds a project, everywhere, and its links only where it is asked for by itself', () =>
    asking({ instanceId: 'the-instance' }, async ({ ado, ask }) => {
      const { id } = ado.addProject({ name: 'My Web', visibility: 'public', description: 'about it' });
      const definition = ado.definitions.add({ project: 'My Web', name: 'ci' });

      const { body: project } = await ask(`GET _apis/projects/${id}`);
      const { body: list } = await ask('GET _apis/projects');
      const { body: pipeline } = await ask(`GET ${id}/_apis/build/definitions/${String(definition.id)}`);

      const { _links: links, ...rest } = project as Record<string, unknown>;
      assert.deepEqual([rest['visibility'], rest['description']], ['public', 'about it']);
      assert.deepEqual((list as { value: { visibility: string }[] }).value[2], rest);
      assert.deepEqual((pipeline as { project: unknown }).project, rest);
      assert.deepEqual(
        (list as { value: { visibility: string }[] }).value.map(({ visibility }) => visibility),
        ['private', 'private', 'public'],
      );
      assert.deepEqual(links, {
        self: { href: `${ado.collectionUrl}_apis/projects/${id}` },
        collection: { href: `${ado.collectionUrl}_apis/projectCollections/the-instance` },
        web: { href: `${ado.collectionUrl}My%20Web` },
      });
    }));
});
