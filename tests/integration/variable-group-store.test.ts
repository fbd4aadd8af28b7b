import assert from 'node:assert/strict';
import { converge } from '#task/sync/converge.js';
import type { WriteState } from '#task/sync/write-state.js';
import type { AzureDevOpsEmulator } from '../../emulators/azure-devops/emulator.js';
import { GroupWorld } from '../support/group-world.js';
import { settings, unwatched, wanted } from '../support/builders.js';
import type { PlannedFault } from '../../emulators/loopback/http-faults.js';

const one = /variablegroups\/\d+$/;

describe('VariableGroupStore', () => {
  let world: GroupWorld;
  let ado: AzureDevOpsEmulator;

  beforeEach(async () => {
    world = await GroupWorld.open();
    ({ ado } = world);
  });
  afterEach(() => world.close());

  const addGroup = (name: string, variables: Record<string, string> = { A: 'x' }): void => {
    ado.addGroup({ project: 'Shop', name, variables, description: '[infisical-sync: shop-prod owns *]' });
  };
  const sync = async (name: string, states: WriteState[] = []) => {
    const store = world.groupStore(name);
    return converge(await store.read(), {
      settings: settings(),
      desired: { variables: [wanted('A', 'new')], names: ['A'], sourceMayBeIncomplete: false },
      store,
      clock: world.clock,
      ...unwatched,
      stateIs: (state) => states.push(state),
    });
  };

  const idOf = async (name: string): Promise<number | undefined> => {
    const store = world.groupStore(name);
    await store.read();
    return store.place.kind === 'variableGroup' ? store.place.id : undefined;
  };

  it('prefers the exact name and takes one that differs only in case', async () => {
    addGroup('web');
    addGroup('Other');

    assert.equal(await idOf('web'), 1);
    assert.equal(await idOf('other'), 2);
  });

  it('finds a name that ends with a star among others that begin alike', async () => {
    addGroup('web');
    addGroup('web*');

    assert.equal(await idOf('web*'), 2);
  });

  it('reads all pages of the list', async () => {
    for (let i = 0; i < 130; i += 1) addGroup(`g${String(i)}*`);

    assert.equal(await idOf('g0*'), 1);
    assert.equal(ado.requests.filter(({ path }) => path.endsWith('variablegroups')).length, 2);
  });

  it('gives nothing for a group that is deleted between the list and the read', async () => {
    addGroup('web');
    ado.before({ method: 'GET', path: one }, () => {
      ado.deleteGroup('Shop', 'web');
    });

    assert.equal((await world.groupStore('web').read()).exists, false);
  });

  it('does not take a group for missing that is listed and does not show', async () => {
    addGroup('web');
    ado.faults.add({ match: { path: one }, fault: { kind: 'status', status: 200, body: 'null' } });
    assert.equal((await world.groupStore('web').read()).exists, true);

    ado.faults.add({ match: { path: one }, times: 9, fault: { kind: 'status', status: 404 } });
    await assert.rejects(world.groupStore('web').read(), {
      name: 'DestinationError',
      message: /says that a variable group "web" exists.*but does not show it/,
    });
  });

  it('does not say that a group was left alone when the answer to its write can’t be read', async () => {
    addGroup('web');
    ado.faults.add({ match: { method: 'PUT' }, fault: { kind: 'status', status: 200, body: 'null' } });

    await assert.rejects(sync('web'), {
      name: 'DestinationError',
      message: /^Azure DevOps answered a write of the variable group "web" in a form .*extension\.$/,
    });
  });

  it('refuses a group whose names differ only in case', async () => {
    addGroup('web', { a: '1', A: '2' });

    await assert.rejects(world.groupStore('web').read(), {
      name: 'DestinationError',
      message: /differ only in case: "a" and "A"/,
    });
  });

  for (const [title, body, message] of [
    [
      'no type',
      { id: 1, name: 'web', modifiedOn: '2026-01-01T00:00:00Z', variables: {} },
      /form that this task does not know \(at "type"\)/,
    ],
    [
      'no variables',
      { id: 1, name: 'web', type: 'Vsts', modifiedOn: '2026-01-01T00:00:00Z' },
      /at "variables"/,
    ],
    [
      'no time that can be read',
      { id: 1, name: 'web', type: 'Vsts', modifiedOn: 'now', variables: {} },
      /can’t read the time at which the variable group "web" was changed/,
    ],
  ] as const) {
    it(`refuses an answer with ${title}`, async () => {
      addGroup('web');
      ado.faults.add({ match: { path: one }, fault: { kind: 'status', status: 200, body } });

      await assert.rejects(world.groupStore('web').read(), { name: 'DestinationError', message });
    });
  }

  it('refuses a list without an end', async () => {
    const headers = { 'x-ms-continuationtoken': '7' };
    ado.faults.add({
      match: {},
      times: 2_000,
      fault: { kind: 'status', status: 200, headers, body: { value: [] } },
    });

    await assert.rejects(world.groupStore('web').read(), { message: /does not end/ });
  });

  it('reads a group again that was read more than a second ago, and plans anew when it changed', async () => {
    addGroup('web', { A: 'x', OLD: 'x' });
    const store = world.groupStore('web');
    const start = await store.read();
    world.clock.now += 1_001;
    ado.editGroup('Shop', 'web', ({ variables }) => variables.delete('OLD'));

    const { changes } = await converge(start, {
      settings: settings({ maxDeletions: 0, disableSecretDeletion: true }),
      desired: { variables: [wanted('A', 'new')], names: ['A'], sourceMayBeIncomplete: false },
      store,
      clock: world.clock,
      ...unwatched,
    });

    assert.deepEqual(
      changes.map(({ kind, name }) => `${kind} ${name}`),
      ['update A'],
    );
    assert.deepEqual(Object.keys(ado.variables('Shop', 'web')), ['A']);
  });

  it('creates a group anew that was deleted before the write', async () => {
    addGroup('web');
    ado.before({ method: 'PUT', path: one }, () => {
      ado.deleteGroup('Shop', 'web');
    });

    await sync('web');

    assert.deepEqual([ado.group('Shop', 'web')?.id, Object.keys(ado.variables('Shop', 'web'))], [2, ['A']]);
  });

  it('creates a group anew that a rival deleted right after its creation', async () => {
    ado.before({ method: 'GET', path: one }, () => {
      ado.deleteGroup('Shop', 'web');
    });

    const { contested } = await sync('web');

    assert.deepEqual([ado.group('Shop', 'web')?.id, contested], [2, true]);
  });

  it('fails after ten rounds with a rival who never rests, and says what to do', async () => {
    addGroup('web');
    let value = 0;
    ado.before({ method: 'GET', path: one, times: 99 }, () => {
      ado.editGroup('Shop', 'web', ({ variables }) => {
        value += 1;
        variables.set('RIVAL', { value: String(value), isSecret: false, isReadOnly: false, extra: {} });
      });
    });
    const states: WriteState[] = [];

    await assert.rejects(sync('web', states), {
      name: 'DestinationError',
      message: /again and again\. Let only one pipeline at a time/,
    });
    assert.equal(states.at(-1), 'written, not verified');
    assert.equal(ado.requests.filter(({ method }) => method === 'PUT').length, 10);
    assert.ok(world.clock.waits.every((ms) => ms >= 200 && ms <= 2_000));
  });

  it('fails after five writes that nobody confirms', async () => {
    addGroup('web');
    ado.faults.add({ match: { method: 'PUT' }, times: 99, fault: { kind: 'reset' } });

    await assert.rejects(sync('web'), {
      message: /did not confirm a write .* in 5 attempts: .*Run the step again later\.$/,
    });
  });

  const endings: [what: string, fault: PlannedFault['fault'], known: WriteState][] = [
    ['is refused', { kind: 'status', status: 403 }, 'nothing written'],
    ['is put off again and again', { kind: 'status', status: 429 }, 'nothing written'],
    ['meets a group that is said to be gone', { kind: 'status', status: 404 }, 'nothing written'],
    ['meets a fault of the service', { kind: 'status', status: 500 }, 'write under way'],
    ['brings no answer', { kind: 'reset' }, 'write under way'],
  ];
  for (const [what, fault, known] of endings) {
    it(`knows what is there after a write that ${what}: ${known}`, async () => {
      addGroup('web');
      ado.faults.add({ match: { method: 'PUT' }, times: 99, fault });
      const states: WriteState[] = [];

      await assert.rejects(sync('web', states), { name: 'DestinationError' });

      assert.equal(states.at(-1), known);
    });
  }

  it('knows that all is as planned when a lost write is found to have taken effect', async () => {
    ado.addGroup({ project: 'Shop', name: 'web', variables: { A: 'x' } });
    ado.faults.add({ match: { method: 'PUT' }, when: 'after', fault: { kind: 'reset' } });
    const states: WriteState[] = [];

    await sync('web', states);

    assert.equal(states.at(-1), 'verified');
  });

  it('does not wait when a write asks for more than two minutes', async () => {
    addGroup('web');
    ado.faults.add({
      match: { method: 'PUT' },
      fault: { kind: 'status', status: 429, headers: { 'Retry-After': '600' } },
    });

    await assert.rejects(sync('web'), { name: 'DestinationError', message: /limits the rate/ });
  });

  it('gives up when reads go on showing the state before the write', async () => {
    addGroup('web');
    ado.before({ method: 'PUT', path: one }, () => {
      ado.lagReads(99);
    });

    await assert.rejects(sync('web'), { message: /could not be read back/ });
  });

  it('takes an answer for no success when what was stored is not what was sent', async () => {
    addGroup('web');
    ado.before({ method: 'GET', path: one, times: 99 }, () => {
      ado.editGroup('Shop', 'web', ({ variables }) =>
        variables.set('A', { value: 'other', isSecret: false, isReadOnly: false, extra: {} }),
      );
    });

    await assert.rejects(sync('web'), { name: 'DestinationError' });
  });
});
