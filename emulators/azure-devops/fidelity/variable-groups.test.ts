import assert from 'node:assert/strict';
import { asking, groups, organizationGroups, refusalOf, type Asked } from './asking.js';

const plain = { A: { value: 'x' } };
const web = { name: 'web', type: 'Vsts', variables: plain };
const addWeb = ({ ado }: Asked): number =>
  ado.addGroup({ project: 'Shop', name: 'web', variables: { A: 'x' } }).id;
const referenceTo = (...ids: string[]) => ({
  variableGroupProjectReferences: ids.map((id) => ({ name: 'web', projectReference: { id, name: id } })),
});

describe('a write of one variable', () => {
  type Stored = { value: string; isSecret?: boolean };
  const cases: [stored: Stored | undefined, sent: object, value: string | null, isSecret: boolean][] = [
    [{ value: 'old', isSecret: true }, { isSecret: true }, 'old', true],
    [{ value: 'old', isSecret: true }, { isSecret: true, value: null }, 'old', true],
    [{ value: 'old', isSecret: true }, { isSecret: true, value: '' }, 'old', true],
    [{ value: 'old', isSecret: true }, { isSecret: true, value: 'new' }, 'new', true],
    [{ value: 'old', isSecret: true }, { isSecret: false }, null, false],
    [{ value: 'old', isSecret: true }, {}, null, false],
    [{ value: 'old', isSecret: true }, { isSecret: false, value: 'new' }, 'new', false],
    [{ value: 'old' }, { isSecret: true, value: 'new' }, 'new', true],
    [{ value: 'old' }, { isSecret: true }, null, true],
    [{ value: 'old' }, { value: '' }, '', false],
    [undefined, { value: '' }, '', false],
    [undefined, { isSecret: true, value: '' }, null, true],
    [undefined, { isSecret: true }, null, true],
  ];
  for (const [stored, sent, value, isSecret] of cases) {
    it(`leaves ${isSecret ? 'a secret' : 'plain'} ${JSON.stringify(value)} when ${JSON.stringify(sent)} meets ${stored === undefined ? 'nothing' : JSON.stringify(stored)}`, () =>
      asking({}, async ({ ado, ask }) => {
        const before = { REST: { value: 'x' }, ...(stored === undefined ? {} : { KEY: stored }) };
        const { id } = ado.addGroup({ project: 'Shop', name: 'web', variables: before });

        const answer = await ask(`PUT ${groups}/${String(id)}`, {
          body: { ...web, variables: { key: sent } },
        });

        assert.deepEqual(ado.variables('Shop', 'web'), { key: { value, isSecret, isReadOnly: false } });
        const shown = isSecret ? { value: null, isSecret: true } : { value };
        assert.deepEqual((answer.body as { variables: unknown }).variables, { key: shown });
      }));
  }

  it('keeps the flag that says "settable at queue time", and takes away a variable that is not sent', () =>
    asking({}, async (asked) => {
      const id = addWeb(asked);

      const variables = { B: { value: 'y', isReadOnly: true } };
      const answer = await asked.ask(`PUT ${groups}/${String(id)}`, { body: { ...web, variables } });

      assert.deepEqual((answer.body as { variables: unknown }).variables, variables);
    }));
});

describe('a body that no group may have', () => {
  const cases: [title: string, body: unknown, message: string][] = [
    ['no variables', { ...web, variables: {} }, 'Variable group must have at least one variable defined.'],
    [
      'two names that differ in case',
      { ...web, variables: { A: { value: 'x' }, a: { value: 'y' } } },
      'An item with the same key has already been added.',
    ],
    [
      'a value of more than 4,096 characters',
      { ...web, variables: { A: { value: 'x'.repeat(4097) } } },
      'The value of variable A is longer than 4096 characters.',
    ],
    ['no name', { ...web, name: ' ' }, 'A variable group needs a name.'],
  ];
  for (const [title, body, message] of cases) {
    it(`is refused on POST and on PUT, and changes nothing: ${title}`, () =>
      asking({}, async (asked) => {
        const { ado, ask } = asked;
        const id = addWeb(asked);

        for (const request of [`POST ${groups}`, `PUT ${groups}/${String(id)}`])
          assert.deepEqual(refusalOf(await ask(request, { body })), {
            status: 400,
            typeKey: 'ArgumentException',
            message,
          });
        assert.equal(ado.variables('Shop', 'web')['A']?.value, 'x');
      }));
  }

  it('has no limit of length when the switch says so', () =>
    asking({ switches: { valueLimit: undefined } }, async ({ ask }) => {
      const body = { ...web, variables: { A: { value: 'x'.repeat(9000) } } };

      assert.equal((await ask(`POST ${groups}`, { body })).status, 200);
    }));

  it('is answered by the faulty envelope when it is no JSON', () =>
    asking({}, async ({ ask }) => {
      const answer = await ask(`POST ${groups}`, { body: '{"name":' });

      assert.deepEqual(
        [answer.status, answer.body],
        [400, { count: 1, value: { Message: 'The request is invalid.' } }],
      );
    }));

  it('is refused for a name that another group takes, when a PUT renames', () =>
    asking({}, async (asked) => {
      const id = addWeb(asked);
      asked.ado.addGroup({ project: 'Shop', name: 'Taken', variables: { A: 'x' } });

      const answer = await asked.ask(`PUT ${groups}/${String(id)}`, { body: { ...web, name: 'taken' } });

      assert.deepEqual(refusalOf(answer), {
        status: 409,
        typeKey: 'VariableGroupExistsException',
        message: "Variable group 'taken' already exists.",
      });
    }));

  it('may have a name that is taken in another project', () =>
    asking({}, async (asked) => {
      addWeb(asked);

      const path = 'POST Other%20Shop/_apis/distributedtask/variablegroups';
      assert.equal((await asked.ask(path, { body: web })).status, 200);
    }));
});

describe('the two URLs of variable groups', () => {
  it('answer null, and say so in JSON, for an unknown group and one of another project', () =>
    asking({}, async (asked) => {
      const id = addWeb(asked);

      for (const path of [`${groups}/99`, `${groups.replace('Shop', 'other%20shop')}/${String(id)}`]) {
        const answer = await asked.ask(`GET ${path}`);
        assert.deepEqual(
          [answer.status, answer.body, answer.headers['content-type']],
          [200, null, 'application/json; charset=utf-8; api-version=7.1'],
        );
      }
    }));

  it('answer 404 to a PUT of an unknown group', () =>
    asking({}, async ({ ask }) => {
      const answer = await ask(`PUT ${groups}/99`, { body: web });

      assert.deepEqual([answer.status, refusalOf(answer).typeKey], [404, 'VariableGroupNotFoundException']);
    }));

  it('take the project by name in any case or by ID', () =>
    asking({}, async (asked) => {
      const id = addWeb(asked);

      for (const project of ['SHOP', asked.shop.id, asked.shop.id.toUpperCase()]) {
        const path = `${project}/_apis/distributedtask/variablegroups/${String(id)}`;
        assert.equal(((await asked.ask(`GET ${path}`)).body as { id: number }).id, id);
      }
    }));

  it('want one project by its ID on the organization’s URL, and none on the project’s', () =>
    asking({}, async ({ ask, shop }) => {
      const byName = {
        variableGroupProjectReferences: [{ name: 'web', projectReference: { name: 'Shop' } }],
      };
      const missing = { status: 400, message: 'Atleast one variable group project reference is required' };
      for (const references of [{}, referenceTo(), byName]) {
        const { status, message } = refusalOf(
          await ask(`POST ${organizationGroups}`, { body: { ...web, ...references } }),
        );
        assert.deepEqual({ status, message }, missing);
      }

      const created = await ask(`POST ${organizationGroups}`, { body: { ...web, ...referenceTo(shop.id) } });
      const inProject = await ask(`POST ${groups}`, { body: { ...web, name: 'web2', ...byName } });

      for (const { status, body } of [created, inProject]) {
        assert.equal(status, 200);
        const [reference] = (body as { variableGroupProjectReferences: { projectReference: object }[] })
          .variableGroupProjectReferences;
        assert.deepEqual(reference?.projectReference, { id: shop.id, name: 'Shop' });
      }
    }));

  it('share no group: POST with two projects, PUT with another one, PATCH', () =>
    asking({}, async (asked) => {
      const { ask, shop, other } = asked;
      const id = String(addWeb(asked));
      const two = { ...web, name: 'two', ...referenceTo(shop.id, other.id) };

      const refused = [
        await ask(`POST ${groups}`, { body: two }),
        await ask(`POST ${organizationGroups}`, { body: two }),
        await ask(`PATCH ${organizationGroups}?variableGroupId=${id}`, { body: [] }),
        await ask(`PUT ${groups}/${id}`, { body: { ...web, ...referenceTo(shop.id, other.id) } }),
      ].map((answer) => refusalOf(answer));

      const sharing = 'Sharing of variable group is not allowed.';
      assert.deepEqual(
        refused.map(({ status, message }) => [status, message]),
        [
          [500, sharing],
          [500, sharing],
          [500, sharing],
          [400, `Variable group is not part of project ${other.id}.`],
        ],
      );
    }));

  const methods: [request: string, version: string, status: number][] = [
    [`DELETE ${groups}/1`, '5.0-preview.1', 204],
    [`DELETE ${groups}/1`, '5.1-preview.1', 204],
    [`DELETE ${groups}/1`, '7.1-preview.2', 405],
    [`DELETE ${groups}/1`, '7.1', 405],
    [`GET ${organizationGroups}/1`, '7.1', 405],
    [`GET ${organizationGroups}`, '7.1', 405],
    [`DELETE ${groups}`, '7.1', 405],
    [`PUT ${groups}`, '7.1', 405],
    [`POST ${groups}/1`, '7.1', 405],
    [`PATCH ${groups}/1`, '7.1', 405],
  ];
  for (const [request, version, status] of methods) {
    it(`answer ${String(status)} to ${request} at ${version}`, () =>
      asking({}, async (asked) => {
        addWeb(asked);

        assert.equal((await asked.ask(request, { version })).status, status);
        assert.equal(asked.ado.group('Shop', 'web') === undefined, status === 204);
      }));
  }

  it('delete on the organization’s URL what is in one of the projects that are named', () =>
    asking({}, async (asked) => {
      const { ask, ado, shop, other } = asked;
      const path = `DELETE ${organizationGroups}/${String(addWeb(asked))}`;

      assert.equal((await ask(path)).status, 400);
      await ask(`${path}?projectIds=${other.id}`);
      assert.notEqual(ado.group('Shop', 'web'), undefined);
      const deleted = await ask(`${path}?projectIds=${other.id},${shop.id}`);

      assert.deepEqual([deleted.status, deleted.text], [204, '']);
      assert.equal(ado.group('Shop', 'web'), undefined);
    }));
});

/** Recorded too; these hold it where the recordings are not. */
describe('an answer that shows a group', () => {
  it('names nobody after a write, and its author when it is read', () =>
    asking({ me: { uniqueName: 'me@example.com' } }, async ({ ask, me }) => {
      const written = (await ask(`POST ${groups}`, { body: web })).body as Record<string, unknown>;
      const read = (await ask(`GET ${groups}/1`)).body as Record<string, unknown>;

      const author = { displayName: 'me', id: me.id, uniqueName: 'me@example.com' };
      assert.deepEqual([written['createdBy'], read['createdBy']], [{ displayName: null, id: me.id }, author]);
    }));

  it('says null for references in a list, and moves a new name into the one that is there', () =>
    asking({}, async (asked) => {
      const { ask, shop } = asked;
      const body = { ...web, name: 'renamed', description: 'new' };
      const renamed = (await ask(`PUT ${groups}/${String(addWeb(asked))}`, { body })).body;
      const { value } = (await ask(`GET ${groups}`)).body as { value: Record<string, unknown>[] };

      const key = 'variableGroupProjectReferences';
      assert.deepEqual((renamed as Record<string, unknown>)[key], [
        { projectReference: { id: shop.id, name: 'Shop' }, name: 'renamed', description: 'new' },
      ]);
      assert.equal(value[0]?.[key], null);
    }));
});

describe('a group that is linked to a vault', () => {
  it('shows references, no values, and the vault', () =>
    asking({}, async ({ ado, ask }) => {
      const providerData = { serviceEndpointId: '0228e842-65a7-4c64-90f7-0f07f3aa4e10', vault: 'vault' };
      const reference = { isSecret: true, extra: { enabled: true, contentType: '' } };
      const { id } = ado.addGroup({
        project: 'Shop',
        name: 'kv',
        type: 'AzureKeyVault',
        providerData,
        variables: { KEY: reference },
      });

      const { body } = await ask(`GET ${groups}/${String(id)}`);

      const { type, variables, providerData: shown } = body as Record<string, unknown>;
      assert.deepEqual(
        { type, variables, shown },
        {
          type: 'AzureKeyVault',
          variables: { KEY: { enabled: true, contentType: '', value: null, isSecret: true } },
          shown: providerData,
        },
      );
    }));
});
