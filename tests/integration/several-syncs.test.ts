import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { UnsafePlanError } from '#task/domain/errors.js';
import type { SyncSettings } from '#task/domain/settings.js';
import { converge } from '#task/sync/converge.js';
import type { AzureDevOpsEmulator } from '../../emulators/azure-devops/emulator.js';
import { GroupWorld } from '../support/group-world.js';
import { unwatched, wanted } from '../support/builders.js';
import { givenBy, settingsOf, valuesIn, type ModelSync } from '../support/history.js';
import { edited, history, Stage, type Step } from '../support/history-steps.js';
import { isThorough, seed } from '../support/thorough.js';

/** The histories that the pure plan is tried on, on a group that is written over HTTP. */
describe('several syncs on one group', () => {
  let world: GroupWorld;
  let ado: AzureDevOpsEmulator;
  let groups = 0;

  before(async () => {
    world = await GroupWorld.open();
    ({ ado } = world);
  });
  after(() => world.close());

  const run = async (name: string, sync: ModelSync, rest: Partial<SyncSettings>): Promise<void> => {
    const store = world.groupStore(name);
    const variables = [...givenBy(sync)].map(([variable, value]) => wanted(variable, value, false));
    const names = variables.map(({ name: variable }) => variable);
    try {
      await converge(await store.read(), {
        settings: settingsOf(sync, rest),
        desired: { variables, names, sourceMayBeIncomplete: false },
        store,
        clock: world.clock,
        ...unwatched,
      });
    } catch (error) {
      if (!(error instanceof UnsafePlanError)) throw error;
    }
  };

  const play = async (name: string, step: Step, sync: ModelSync): Promise<void> => {
    if (step.kind === 'run') await run(name, sync, {});
    if (step.kind === 'overwrite') await run(name, sync, { overwriteOnFirstSync: true });
    if (step.kind === 'remove') await run(name, sync, { action: 'remove' });
    if (ado.group('Shop', name) === undefined) return;
    ado.editGroup('Shop', name, (group) => {
      if (step.kind === 'edit mark') group.description = edited(group.description ?? '', step);
      if (step.kind !== 'by hand' || group.variables.has(step.name)) return;
      group.variables.set(step.name, { value: 'by hand', isSecret: false, isReadOnly: false, extra: {} });
    });
  };

  it('ends over HTTP as the plans say, after any history', async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ syncs, steps }) => {
        const stage = new Stage(syncs);
        groups += 1;
        const name = `group ${String(groups)}`;
        for (const step of steps) {
          stage.play(step);
          const number = 'sync' in step ? step.sync : 0;
          const sync = stage.syncs[number % stage.syncs.length];
          if (sync !== undefined) await play(name, step, sync);
        }

        const stored = ado.group('Shop', name);
        const values = stored === undefined ? {} : ado.variables('Shop', name);
        assert.deepEqual(
          Object.entries(values)
            .map(([variable, { value }]) => [variable, value])
            .sort(),
          [...valuesIn(stage.group)].sort(),
        );
        assert.equal(stored?.description ?? '', stage.group.description);
      }),
      { numRuns: isThorough ? 500 : 50, seed },
    );
  });
});
