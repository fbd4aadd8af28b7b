import assert from 'node:assert/strict';
import { getBearerHandler, WebApi } from 'azure-devops-node-api';
import {
  DefinitionQueryOrder,
  DefinitionQueueStatus,
} from 'azure-devops-node-api/interfaces/BuildInterfaces.js';
import {
  VariableGroupActionFilter,
  VariableGroupQueryOrder,
  type VariableGroupParameters,
} from 'azure-devops-node-api/interfaces/TaskAgentInterfaces.js';

import { project, withClient } from './node-api-client.js';

/** Microsoft's own client, unchanged: what it makes of the emulator's answers, we did not decide. */

const secret = (value: string) => ({ value, isSecret: true });
const groupOf = (
  projectId: string,
  variables: Exclude<VariableGroupParameters['variables'], undefined>,
): VariableGroupParameters => ({
  type: 'Vsts',
  name: 'web',
  description: 'about web',
  variables,
  variableGroupProjectReferences: [
    { name: 'web', description: 'about web', projectReference: { id: projectId, name: project } },
  ],
});

describe('azure-devops-node-api', () => {
  for (const profile of ['services', 'server-2022'] as const) {
    it(`leads a variable group through its whole life: ${profile}`, () =>
      withClient({ profile }, async ({ ado, projectId, groups }) => {
        const api = await groups();
        const added = await api.addVariableGroup(
          groupOf(projectId, { KEY: secret('k'), PLAIN: { value: 'p' } }),
        );
        const id = added.id ?? 0;
        const [listed] = await api.getVariableGroups(project, 'web');
        const read = await api.getVariableGroup(project, id);

        await api.updateVariableGroup(
          groupOf(projectId, { KEY: { isSecret: true }, PLAIN: { value: 'changed' } }),
          id,
        );
        const stored = ado.variables(project, 'web');
        await api.deleteVariableGroup(id, [projectId]);

        assert.equal(listed?.id, id);
        assert.deepEqual(read.variables, { KEY: { value: null, isSecret: true }, PLAIN: { value: 'p' } });
        assert.ok(read.modifiedOn instanceof Date);
        assert.deepEqual(
          Object.entries(stored).map(([name, { value, isSecret }]) => [name, value, isSecret]),
          [
            ['KEY', 'k', true],
            ['PLAIN', 'changed', false],
          ],
        );
        assert.equal(await api.getVariableGroup(project, id), null);
        assert.deepEqual(await api.getVariableGroups(project, 'web'), []);
      }));
  }

  it('asks where things are before it asks for a group, and writes on the organization’s URL', () =>
    withClient({}, async ({ ado, projectId, groups }) => {
      const api = await groups();
      ado.addGroup({ project, name: 'web', variables: { A: 'x' } });
      await api.getVariableGroups(project, 'web');
      await api.getVariableGroup(project, 1);
      await api.updateVariableGroup(groupOf(projectId, { A: { value: 'y' } }), 1);

      const base = `/${ado.organization}/`;
      assert.deepEqual(
        ado.requests.map(({ method, target, headers }) => [method, target.replace(base, ''), headers.accept]),
        [
          ['OPTIONS', '_apis/Location', 'application/json'],
          ['GET', '_apis/ResourceAreas', 'application/json;api-version=7.2-preview.1'],
          ['OPTIONS', '_apis/distributedtask', 'application/json'],
          ...[
            ['GET', 'my%20proj/_apis/distributedtask/variablegroups?groupName=web'],
            ['GET', 'my%20proj/_apis/distributedtask/variablegroups/1'],
            ['PUT', '_apis/distributedtask/variablegroups/1'],
          ].map((request) => [...request, 'application/json;api-version=7.2-preview.2']),
        ],
      );
      assert.ok(ado.requests.every(({ headers }) => headers['x-tfs-fedauthredirect'] === 'Suppress'));
    }));

  it('negotiates what an older server can do', () =>
    withClient({ profile: 'server-2022' }, async ({ ado, groups }) => {
      await (await groups()).getVariableGroups(project);

      assert.equal(ado.requests.at(-1)?.headers.accept, 'application/json;api-version=7.0');
    }));

  it('reads groups of Server 2019 and finds no place there to write them', () =>
    withClient({ profile: 'server-2019' }, async ({ ado, projectId, groups }) => {
      ado.addGroup({ project, name: 'web', variables: { A: 'x' } });
      const api = await groups();

      assert.deepEqual((await api.getVariableGroup(project, 1)).variables, { A: { value: 'x' } });
      assert.equal(ado.requests.at(-1)?.headers.accept, 'application/json;api-version=5.1-preview.1');
      await assert.rejects(api.addVariableGroup(groupOf(projectId, { A: { value: 'x' } })), {
        name: 'Error',
        message:
          'Failed to find api location for area: distributedtask id: ef5b7057-ffc3-4c77-bbad-c10b4a4abcc7',
      });
    }));

  it('throws for a name that is taken, with the service’s own words', () =>
    withClient({}, async ({ ado, projectId, groups }) => {
      ado.addGroup({ project, name: 'Web', variables: { A: 'x' } });
      const api = await groups();

      await assert.rejects(api.addVariableGroup(groupOf(projectId, { A: { value: 'x' } })), {
        message: "Variable group 'web' already exists.",
        statusCode: 409,
      });
    }));

  it('may not share a group', () =>
    withClient({}, async ({ ado, projectId, groups }) => {
      ado.addGroup({ project, name: 'web', variables: { A: 'x' } });
      const api = await groups();
      const reference = { name: 'web', projectReference: { id: projectId } };

      await assert.rejects(api.shareVariableGroup([reference], 1), {
        message: 'Sharing of variable group is not allowed.',
        statusCode: 500,
      });
    }));

  it('gives the first page, and no word of the next', () =>
    withClient({}, async ({ ado, groups }) => {
      for (const name of ['a', 'b', 'c']) ado.addGroup({ project, name, variables: { A: 'x' } });
      const api = await groups();

      const page = await api.getVariableGroups(project, undefined, undefined, 2);

      assert.deepEqual(
        page.map(({ name }) => name),
        ['c', 'b'],
      );
      assert.equal('continuationToken' in page, false);
    }));

  it('orders and filters a list by the numbers of enumerations', () =>
    withClient({}, async ({ ado, groups }) => {
      for (const name of ['a', 'b', 'c']) ado.addGroup({ project, name, variables: { A: 'x' } });
      ado.addIdentity({ name: 'other', bearer: 'other', groupRoles: { a: 'reader', b: 'user' } });
      const client = new WebApi(ado.collectionUrl, getBearerHandler('other'));
      const api = await client.getTaskAgentApi();
      const namesFor = async (filter: VariableGroupActionFilter) =>
        (
          await api.getVariableGroups(
            project,
            undefined,
            filter,
            undefined,
            undefined,
            VariableGroupQueryOrder.IdAscending,
          )
        ).map(({ name }) => name);

      assert.deepEqual(await namesFor(VariableGroupActionFilter.None), ['a', 'b', 'c']);
      assert.deepEqual(await namesFor(VariableGroupActionFilter.Use), ['b', 'c']);
      assert.deepEqual(await namesFor(VariableGroupActionFilter.Manage), ['c']);
      assert.equal((await (await groups()).getVariableGroups(project))[0]?.name, 'c');
    }));

  it('reads groups by their IDs', () =>
    withClient({}, async ({ ado, groups }) => {
      for (const name of ['a', 'b', 'c']) ado.addGroup({ project, name, variables: { A: 'x' } });
      const api = await groups();

      const found = await api.getVariableGroupsById(project, [1, 3]);

      assert.deepEqual(
        found.map(({ id }) => id),
        [3, 1],
      );
    }));
});

describe('azure-devops-node-api and definitions', () => {
  it('reads a pipeline and writes it back whole with another variable', () =>
    withClient({}, async ({ ado, client }) => {
      const body = { queueStatus: DefinitionQueueStatus.Paused };
      const { id } = ado.definitions.add({ project, name: 'ci', body, variables: { KEY: secret('k') } });
      const api = await client.getBuildApi();
      const definition = await api.getDefinition(project, id);
      definition.variables = { KEY: { isSecret: true }, NEW: { value: 'n', allowOverride: true } };

      const updated = await api.updateDefinition(definition, project, id);

      assert.equal(updated.revision, 2);
      assert.equal(updated.queueStatus, DefinitionQueueStatus.Paused);
      assert.ok(updated.createdDate instanceof Date);
      assert.deepEqual(ado.definitions.get(id)?.variables, {
        KEY: { value: 'k', isSecret: true, allowOverride: false },
        NEW: { value: 'n', isSecret: false, allowOverride: true },
      });
    }));

  it('takes a conflict for a definition that is gone', () =>
    withClient({}, async ({ ado, client }) => {
      const { id } = ado.definitions.add({ project, name: 'ci' });
      const api = await client.getBuildApi();
      const definition = await api.getDefinition(project, id);
      ado.definitions.edit(id, (stored) => (stored.name = 'renamed'));

      assert.equal(await api.updateDefinition(definition, project, id), null);
    }));

  it('finds a pipeline by its name, without its variables', () =>
    withClient({}, async ({ ado, client }) => {
      ado.definitions.add({ project, name: 'other' });
      ado.definitions.add({ project, name: 'ci', variables: { A: { value: 'x' } } });
      const api = await client.getBuildApi();

      const found = await api.getDefinitions(project, 'CI');

      assert.deepEqual(
        found.map(({ id, name }) => [id, name]),
        [[2, 'ci']],
      );
      assert.equal(found[0] !== undefined && 'variables' in found[0], false);
    }));

  it('finds pipelines by a pattern, in the order that is asked for', () =>
    withClient({}, async ({ ado, client }) => {
      const [, edited = 0] = ['Web-b', 'web-a', 'api', 'web-c', 'Web*'].map(
        (name) => ado.definitions.add({ project, name }).id,
      );
      ado.definitions.edit(edited, () => undefined);
      const api = await client.getBuildApi();
      const namesOf = async (name: string, order?: DefinitionQueryOrder): Promise<(string | undefined)[]> =>
        (await api.getDefinitions(project, name, undefined, undefined, order)).map((found) => found.name);

      for (const [order, names] of [
        [DefinitionQueryOrder.DefinitionNameAscending, ['web-a', 'Web-b', 'web-c']],
        [DefinitionQueryOrder.DefinitionNameDescending, ['web-c', 'Web-b', 'web-a']],
        [DefinitionQueryOrder.LastModifiedAscending, ['Web-b', 'web-c', 'web-a']],
      ] as const)
        assert.deepEqual(await namesOf('web-*', order), names);
      assert.equal((await namesOf('web-*', DefinitionQueryOrder.LastModifiedDescending))[0], 'web-a');
      assert.deepEqual(await namesOf('*A'), ['web-a']);
      assert.deepEqual(await namesOf('we.-a'), []);
    }));

  it('deletes a pipeline, which is not found afterwards', () =>
    withClient({}, async ({ ado, client }) => {
      const { id } = ado.definitions.add({ project, name: 'ci' });
      const api = await client.getBuildApi();

      await api.deleteDefinition(project, id);

      assert.equal(ado.definitions.get(id), undefined);
      assert.deepEqual(await api.getDefinitions(project), []);
      assert.equal(await api.getDefinition(project, id), null);
    }));

  for (const profile of ['server-2019', 'server-2022'] as const) {
    it(`reads and writes a pipeline of an older server: ${profile}`, () =>
      withClient({ profile }, async ({ ado, client }) => {
        const { id } = ado.definitions.add({ project, name: 'ci' });
        const api = await client.getBuildApi();
        const definition = await api.getDefinition(project, id);

        const variables = { A: { value: 'x' } };
        await api.updateDefinition({ ...definition, variables }, project, id);

        assert.equal(ado.definitions.get(id)?.variables['A']?.value, 'x');
      }));
  }
});
