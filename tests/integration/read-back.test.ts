import assert from 'node:assert/strict';
import { DefinitionApi } from '#task/adapters/azure-devops/definition/definition-api.js';
import { DefinitionStore } from '#task/adapters/azure-devops/definition/definition-store.js';
import type { VariableStore } from '#task/ports.js';
import { converge } from '#task/sync/converge.js';
import type { Converged } from '#task/sync/rounds.js';
import type { AzureDevOpsEmulator } from '../../emulators/azure-devops/emulator.js';
import type { StoredGroup } from '../../emulators/azure-devops/group-store.js';
import { GroupWorld } from '../support/group-world.js';
import { settings, unwatched, wanted } from '../support/builders.js';

const groupPath = /variablegroups\/\d+$/;
const definitionPath = /build\/definitions\/\d+$/;
const mark = '[infisical-sync: shop-prod owns *]';

/** What a rival changes between our write and our reading back, in ways that no time and no name shows. */
describe('reading back', () => {
  let world: GroupWorld;
  let ado: AzureDevOpsEmulator;

  beforeEach(async () => {
    world = await GroupWorld.open();
    ({ ado } = world);
  });
  afterEach(() => world.close());

  const definitionStore = (pipelineId: number): VariableStore =>
    new DefinitionStore({
      pipelineId,
      projectTitle: 'Shop',
      definitions: new DefinitionApi({ api: world.api, project: 'Shop', projectTitle: 'Shop', pipelineId }),
      clock: world.clock,
    });
  const sync = async (store: VariableStore): Promise<Converged> =>
    converge(await store.read(), {
      settings: settings({ overwriteOnFirstSync: true }),
      desired: {
        variables: [wanted('REGION', 'ours', false)],
        names: ['REGION'],
        sourceMayBeIncomplete: false,
      },
      store,
      clock: world.clock,
      ...unwatched,
    });
  const writes = (): string[] =>
    ado.requests.filter(({ method }) => method === 'PUT').map(({ body }) => body);
  /** Once, between the first write and the reading back. */
  const meanwhile = (path: RegExp, act: () => void): void => {
    ado.before({ method: 'PUT', path }, () => {
      ado.before({ method: 'GET', path }, act);
    });
  };

  const within: [what: string, edit: (group: StoredGroup) => void][] = [
    [
      'a plain value',
      ({ variables }) =>
        variables.set('REGION', { value: 'theirs', isSecret: false, isReadOnly: false, extra: {} }),
    ],
    [
      'our mark',
      (group) => {
        group.description = 'theirs';
      },
    ],
  ];
  for (const [what, edit] of within) {
    it(`of a group sees that a rival has changed ${what} within one step of the service’s time`, async () => {
      ado.addGroup({ project: 'Shop', name: 'web', variables: { REGION: 'old' }, description: mark });
      meanwhile(groupPath, () => {
        ado.editGroup('Shop', 'web', edit, 'within one step');
      });

      const { contested } = await sync(world.groupStore('web'));

      assert.deepEqual([contested, writes().length], [true, 2]);
      assert.equal(ado.variables('Shop', 'web')['REGION']?.value, 'ours');
      assert.match(ado.group('Shop', 'web')?.description ?? '', /\[infisical-sync: shop-prod owns \*\]/);
    });
  }

  it('of a pipeline sees that a newer revision has another plain value', async () => {
    const variables = { REGION: { value: 'old' } };
    const { id } = ado.definitions.add({ project: 'Shop', name: 'nightly', variables });
    meanwhile(definitionPath, () => {
      ado.definitions.edit(id, (definition) => {
        definition.variables['REGION'] = { value: 'theirs', isSecret: false, allowOverride: false };
      });
    });

    const { contested } = await sync(definitionStore(id));

    assert.deepEqual([contested, writes().length], [true, 2]);
    assert.equal(ado.definitions.get(id)?.variables['REGION']?.value, 'ours');
  });

  it('comes after a write that leaves the own descriptions of other projects as they were', async () => {
    ado.addGroup({ project: 'Shop', name: 'web', variables: { REGION: 'old' }, description: `Web\n${mark}` });
    const description = `Web\n${mark}`;
    const reference = (project: string, text: string | null): object => ({
      name: 'web',
      description: text,
      projectReference: { id: `id-of-${project}`, name: project },
    });
    const body = {
      id: 1,
      name: 'web',
      type: 'Vsts',
      description,
      modifiedOn: '2026-11-01T00:00:00Z',
      variables: { REGION: { value: 'old' } },
      variableGroupProjectReferences: [
        reference('Shop', description),
        reference('Other', 'Read only, ask the web team'),
        reference('Third', null),
      ],
    };
    ado.faults.add({
      match: { method: 'GET', path: groupPath },
      times: 9,
      fault: { kind: 'status', status: 200, body },
    });
    ado.faults.add({ match: { method: 'PUT' }, times: 9, fault: { kind: 'status', status: 403 } });

    await assert.rejects(sync(world.groupStore('web')), { name: 'DestinationError' });

    const sent = JSON.parse(writes()[0] ?? '') as {
      description: string;
      variableGroupProjectReferences: { description: string | null }[];
    };
    assert.deepEqual(
      sent.variableGroupProjectReferences.map((one) => one.description),
      [sent.description, 'Read only, ask the web team', null],
    );
  });
});
