import assert from 'node:assert/strict';
import type { Role } from '../identities.js';
import { asking, groups, organizationGroups, refusalOf, type Asked } from './asking.js';

const body = { name: 'new', variables: { A: { value: 'x' } } };
const addWeb = ({ ado }: Asked): number =>
  ado.addGroup({ project: 'Shop', name: 'web', variables: { A: 'x' } }).id;
const open = (id: number): string => `Shop/_apis/pipelines/pipelinepermissions/variablegroup/${String(id)}`;
const authorized = 'Shop/_apis/build/authorizedresources';
const preview = { version: '7.1-preview.1' };

describe('a role on a variable group', () => {
  type Outcome = [view: boolean, put: number, post: number, remove: number];
  const cases: [role: Role, outcome: Outcome][] = [
    ['none', [false, 404, 403, 403]],
    ['reader', [true, 403, 403, 403]],
    ['user', [true, 403, 403, 403]],
    ['creator', [false, 404, 200, 403]],
    ['administrator', [true, 200, 200, 204]],
  ];
  for (const [role, [view, put, post, remove]] of cases) {
    it(`decides, when it is that of the library: ${role}`, () =>
      asking({ me: { library: role } }, async (asked) => {
        const { ask, shop } = asked;
        const one = `${groups}/${String(addWeb(asked))}`;

        const read = await ask(`GET ${one}`);
        const statuses = [
          (await ask(`PUT ${one}`, { body: { ...body, name: 'web' } })).status,
          (await ask(`POST ${groups}`, { body })).status,
          (await ask(`DELETE ${one.replace('Shop/', '')}?projectIds=${shop.id}`)).status,
        ];

        assert.deepEqual([read.status, read.body !== null], [200, view]);
        assert.deepEqual(statuses, [put, post, remove]);
      }));
  }

  it('of the group comes before that of the library', () =>
    asking({ me: { library: 'administrator', groupRoles: { web: 'reader' } } }, async (asked) => {
      const answer = await asked.ask(`PUT ${groups}/${String(addWeb(asked))}`, { body });

      assert.deepEqual(refusalOf(answer), {
        status: 403,
        typeKey: 'AccessDeniedException',
        message:
          'You do not have permissions to perform this operation on the variable group. A variable group administrator should add you to the Administrator role.',
      });
    }));

  it('is Administrator for whoever created the group', () =>
    asking({ me: { library: 'creator' } }, async ({ ask, ado }) => {
      const { id } = (await ask(`POST ${groups}`, { body })).body as { id: number };

      const changed = { ...body, variables: { A: { value: 'y' } } };
      assert.equal((await ask(`PUT ${groups}/${String(id)}`, { body: changed })).status, 200);
      assert.equal(ado.variables('Shop', 'new')['A']?.value, 'y');
    }));

  it('that is missing makes a read forbidden when the switch says so', () =>
    asking({ me: { library: 'none' }, switches: { hiddenGroup: 'forbidden' } }, async (asked) => {
      const id = addWeb(asked);

      assert.equal((await asked.ask(`GET ${groups}/${String(id)}`)).status, 403);
      assert.equal((await asked.ask(`GET ${groups}/99`)).body, null);
    }));
});

describe('a project that is not there for the caller', () => {
  for (const status of [400, 404] as const) {
    it(`is told by its ID, never by 403, when it is not visible: ${String(status)}`, () =>
      asking({ me: { projects: ['Shop'] }, switches: { invisibleProject: status } }, async (asked) => {
        const { ask, other } = asked;
        const expected = {
          status,
          typeKey: 'ProjectDoesNotExistException',
          message: `VS800075: The project with id 'vstfs:///Classification/TeamProject/${other.id}' does not exist, or you do not have permission to access it.`,
        };

        for (const named of [other.id, 'Other%20Shop'])
          assert.deepEqual(refusalOf(await ask(`GET ${groups.replace('Shop', named)}`)), expected);
        const references = [{ name: 'new', projectReference: { id: other.id } }];
        const creation = { ...body, variableGroupProjectReferences: references };
        assert.deepEqual(refusalOf(await ask(`POST ${organizationGroups}`, { body: creation })), expected);
      }));
  }

  it('hides its groups on the organization’s URL, too', () =>
    asking({ me: { projects: ['Other Shop'] } }, async (asked) => {
      const { ask, ado, shop } = asked;
      const one = `${organizationGroups}/${String(addWeb(asked))}`;

      assert.equal((await ask(`PUT ${one}`, { body })).status, 404);
      await ask(`DELETE ${one}?projectIds=${shop.id}`);

      assert.equal(ado.variables('Shop', 'web')['A']?.value, 'x');
    }));

  it('is told by its name when nobody has it, and an unknown ID like an invisible one', () =>
    asking({}, async ({ ask }) => {
      const unknown = ['No%20Shop', '7d1f6c1e-52f1-4f1c-9a0e-6d8c2b1a4e30'];
      const refusals: unknown[] = [];
      for (const project of unknown) {
        const { status, typeKey } = refusalOf(await ask(`GET ${groups.replace('Shop', project)}`));
        refusals.push([status, typeKey]);
      }

      assert.deepEqual(refusals, [
        [404, 'ProjectDoesNotExistWithNameException'],
        [400, 'ProjectDoesNotExistException'],
      ]);
    }));
});

describe('the pipelines that may use a group', () => {
  it('are none at first, one or all when told so, and fewer when told that', () =>
    asking({}, async (asked) => {
      const id = addWeb(asked);
      const path = open(id);
      const patch = async (change: object) =>
        (await asked.ask(`PATCH ${path}`, { ...preview, body: change })).body;
      const of = (rest: object) => ({ resource: { type: 'variablegroup', id: String(id) }, ...rest });

      assert.deepEqual((await asked.ask(`GET ${path}`, preview)).body, of({ pipelines: [] }));
      assert.deepEqual(
        await patch({ pipelines: [{ id: 16, authorized: true }] }),
        of({ pipelines: [{ id: 16, authorized: true }] }),
      );
      assert.deepEqual(
        await patch({ allPipelines: { authorized: true }, pipelines: [{ id: 16, authorized: false }] }),
        of({ allPipelines: { authorized: true }, pipelines: [] }),
      );
      assert.deepEqual(await patch({ allPipelines: { authorized: false } }), of({ pipelines: [] }));
    }));

  it('are all by either way: open access and the newer permission are one thing', () =>
    asking({}, async (asked) => {
      const id = addWeb(asked);
      const resource = { type: 'variablegroup', id: String(id), authorized: true };

      await asked.ask(`PATCH ${authorized}`, { ...preview, body: [{ ...resource, name: 'web' }] });
      assert.deepEqual(asked.ado.authorizedPipelines('Shop', 'web'), { all: true, pipelines: [] });
      const shown = await asked.ask(`GET ${authorized}?type=variablegroup&id=${String(id)}`, preview);

      assert.deepEqual(shown.body, { count: 1, value: [resource] });
      asked.ado.deleteGroup('Shop', 'web');
      assert.deepEqual((await asked.ask(`GET ${authorized}`, preview)).body, { count: 0, value: [] });
    }));

  it('are not changed through another project', () =>
    asking({}, async (asked) => {
      const resource = { type: 'variablegroup', id: String(addWeb(asked)), authorized: true };

      const path = authorized.replace('Shop', 'Other%20Shop');
      const answer = await asked.ask(`PATCH ${path}`, { ...preview, body: [resource] });

      assert.deepEqual(answer.body, { count: 0, value: [] });
      assert.equal(asked.ado.authorizedPipelines('Shop', 'web').all, false);
    }));

  it('are not changed by whoever may not, and are read by anybody', () =>
    asking({ me: { mayAuthorize: false } }, async (asked) => {
      const id = addWeb(asked);
      const change = { allPipelines: { authorized: true } };

      const refused = [
        await asked.ask(`PATCH ${open(id)}`, { ...preview, body: change }),
        await asked.ask(`PATCH ${authorized}`, { ...preview, body: [] }),
      ].map((answer) => refusalOf(answer));

      assert.deepEqual(
        refused.map(({ status, typeKey }) => [status, typeKey]),
        [
          [403, 'AccessDeniedException'],
          [403, 'AccessDeniedException'],
        ],
      );
      assert.equal((await asked.ask(`GET ${open(id)}`, preview)).status, 200);
    }));
});
