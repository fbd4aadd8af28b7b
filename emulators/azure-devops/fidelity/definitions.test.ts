import assert from 'node:assert/strict';
import { asking, refusalOf, type Asked } from './asking.js';

const path = 'Shop/_apis/build/definitions';

const addCi = ({ ado }: Asked): number =>
  ado.definitions.add({
    project: 'Shop',
    name: 'ci',
    variables: { KEY: { value: 'k', isSecret: true }, PLAIN: { value: 'p' } },
    body: { process: { yamlFilename: 'ci.yml', type: 2 }, buildNumberFormat: '$(Rev:r)' },
  }).id;
const read = async ({ ask }: Asked, id: number): Promise<Record<string, unknown>> =>
  (await ask(`GET ${path}/${String(id)}`)).body as Record<string, unknown>;

describe('a build definition', () => {
  it('goes back whole, with one more revision, and what is not sent is gone', () =>
    asking({}, async (asked) => {
      const id = addCi(asked);
      const before = await read(asked, id);

      const sent = { ...before, variables: { KEY: { isSecret: true }, NEW: { value: 'n' } } };
      const { status, body } = await asked.ask(`PUT ${path}/${String(id)}`, { body: sent });

      const { revision, variables, process, buildNumberFormat } = body as Record<string, unknown>;
      assert.deepEqual(
        { status, revision, variables, process, buildNumberFormat },
        {
          status: 200,
          revision: 2,
          variables: { KEY: { value: null, isSecret: true }, NEW: { value: 'n' } },
          process: { yamlFilename: 'ci.yml', type: 2 },
          buildNumberFormat: '$(Rev:r)',
        },
      );
      assert.deepEqual(Object.keys(asked.ado.definitions.get(id)?.variables ?? {}), ['KEY', 'NEW']);
      assert.equal(asked.ado.definitions.get(id)?.variables['KEY']?.value, 'k');
    }));

  it('has no variables at all when it has none', () =>
    asking({}, async (asked) => {
      const id = addCi(asked);
      const body = { ...(await read(asked, id)), variables: undefined };

      await asked.ask(`PUT ${path}/${String(id)}`, { body });

      assert.equal('variables' in (await read(asked, id)), false);
    }));

  it('gives no value of a secret away, whatever a variable is turned into', () =>
    asking({}, async (asked) => {
      const id = addCi(asked);
      const body = { ...(await read(asked, id)), variables: { KEY: { value: null } } };

      const answer = await asked.ask(`PUT ${path}/${String(id)}`, { body });

      assert.deepEqual((answer.body as { variables: unknown }).variables, { KEY: { value: null } });
    }));

  for (const status of [404, 409] as const) {
    it(`is not written over a newer one: ${String(status)}`, () =>
      asking({ switches: { staleDefinition: status } }, async (asked) => {
        const id = addCi(asked);
        const body = await read(asked, id);
        asked.ado.definitions.edit(id, ({ variables }) => {
          variables['PLAIN'] = { value: 'by hand', isSecret: false, allowOverride: false };
        });

        for (const revision of [1, 3]) {
          const refused = refusalOf(
            await asked.ask(`PUT ${path}/${String(id)}`, { body: { ...body, revision } }),
          );
          assert.deepEqual([refused.status, refused.message], [status, 'Build pipeline 1 was not found.']);
        }
        assert.equal(asked.ado.definitions.get(id)?.variables['PLAIN']?.value, 'by hand');
      }));
  }

  const refusals: [title: string, change: object, message: string][] = [
    ['no ID', { id: undefined }, 'The request specifies pipeline ID 1 but the supplied pipeline has ID 0.'],
    ['another ID', { id: 54 }, 'The request specifies pipeline ID 1 but the supplied pipeline has ID 54.'],
    ['a name that is taken', { name: 'OTHER' }, 'Build pipeline OTHER already exists for project Shop.'],
  ];
  for (const [title, change, message] of refusals) {
    it(`is refused with 400: ${title}`, () =>
      asking({}, async (asked) => {
        const id = addCi(asked);
        asked.ado.definitions.add({ project: 'Shop', name: 'other' });
        const body = { ...(await read(asked, id)), ...change };

        const refused = refusalOf(await asked.ask(`PUT ${path}/${String(id)}`, { body }));

        assert.deepEqual([refused.status, refused.message], [400, message]);
        assert.equal(asked.ado.definitions.get(id)?.revision, 1);
      }));
  }

  it('is created once under a name', () =>
    asking({}, async ({ ask }) => {
      assert.equal((await ask(`POST ${path}`, { body: { name: 'ci' } })).status, 200);
      const { status, typeKey } = refusalOf(await ask(`POST ${path}`, { body: { name: 'CI' } }));

      assert.deepEqual([status, typeKey], [400, 'DefinitionExistsException']);
    }));

  it('is listed by name without variables', () =>
    asking({}, async (asked) => {
      addCi(asked);
      asked.ado.definitions.add({ project: 'Shop', name: 'other' });

      const { body } = await asked.ask(`GET ${path}?name=CI`);

      const { count, value } = body as { count: number; value: Record<string, unknown>[] };
      assert.deepEqual([count, value[0]?.['name'], value[0]?.['revision']], [1, 'ci', 1]);
      assert.deepEqual(
        [value[0] && 'variables' in value[0], value[0] && 'process' in value[0]],
        [false, false],
      );
    }));

  it('comes before its namesake without a number, and after as many as are asked for comes none', () =>
    asking({}, async ({ ado, ask }) => {
      for (const name of ['web', 'Web (2)', 'api']) ado.definitions.add({ project: 'Shop', name });

      const names: string[][] = [];
      for (const query of [
        'queryOrder=definitionNameAscending',
        'queryOrder=DefinitionNameAscending&$top=2',
      ]) {
        const { value } = (await ask(`GET ${path}?${query}`)).body as { value: { name: string }[] };
        names.push(value.map(({ name }) => name));
      }

      assert.deepEqual(names, [
        ['api', 'Web (2)', 'web'],
        ['api', 'Web (2)'],
      ]);
    }));

  it('is deleted with an answer that says nothing and may not be kept', () =>
    asking({}, async (asked) => {
      const id = addCi(asked);

      const { status, text, headers } = await asked.ask(`DELETE ${path}/${String(id)}`);

      assert.deepEqual(
        [status, text, headers['cache-control'], headers['x-frame-options']],
        [204, '', 'no-cache', 'SAMEORIGIN'],
      );
      assert.equal((await asked.ask(`DELETE ${path}/${String(id)}`)).status, 404);
    }));

  it('is 404 when it is unknown or of another project', () =>
    asking({}, async (asked) => {
      const id = addCi(asked);

      for (const other of [`${path}/99`, `${path.replace('Shop', 'Other%20Shop')}/${String(id)}`]) {
        const { status, typeKey } = refusalOf(await asked.ask(`GET ${other}`));
        assert.deepEqual([status, typeKey], [404, 'DefinitionNotFoundException']);
      }
    }));

  it('is created by nobody who may only view', () =>
    asking({ me: { definitions: 'view' } }, async ({ ado, ask }) => {
      assert.equal((await ask(`POST ${path}`, { body: { name: 'ci' } })).status, 403);
      assert.equal(ado.definitions.get(1), undefined);
    }));

  for (const [definitions, method, permission] of [
    ['none', 'GET', 'View build pipeline'],
    ['view', 'PUT', 'Edit build pipeline'],
    ['view', 'DELETE', 'Delete build pipeline'],
  ] as const) {
    it(`is refused by name of the permission: ${permission}`, () =>
      asking({ me: { definitions } }, async (asked) => {
        const refused = await asked.ask(`${method} ${path}/${String(addCi(asked))}`, { body: {} });

        assert.deepEqual(refusalOf(refused), {
          status: 403,
          typeKey: 'AccessDeniedException',
          message: `TF215106: Access denied. me needs ${permission} permissions for build pipeline 1:ci in team project Shop to perform the action. For more information, contact the Azure DevOps administrator.`,
        });
        assert.equal(
          (refused.body as { typeName: string }).typeName,
          'Microsoft.TeamFoundation.Build.WebApi.AccessDeniedException, Microsoft.TeamFoundation.Build2.WebApi',
        );
      }));
  }
});
