import assert from 'node:assert/strict';
import type { Config } from '#task/config/config.js';
import { SourceError } from '#task/domain/errors.js';
import type { WizardSync } from '#task/domain/wizard-sync.js';
import { completed, refuseSecondWriter, noticesOn } from '#task/sync/take-over.js';
import { aConfig, aWizardSync } from '../../support/builders.js';
import { aListing, MemoryHost, MemorySource } from '../../support/in-process.js';

const sync = aWizardSync({
  environment: { slug: 'prod', name: 'Shop-Prod' },
  teamProject: { id: 'AB-1', name: 'Shop' },
});
const complete = (read: WizardSync): Config => ({ ...aConfig(), wizardSync: read });

describe('a run that takes over what a sync in Infisical says', () => {
  async function taking(config: Config, failing?: Error) {
    const host = new MemoryHost();
    const source = new MemorySource(aListing());
    let asked = 0;
    const syncs = {
      read: () => {
        asked += 1;
        return failing === undefined ? Promise.resolve(sync) : Promise.reject(failing);
      },
    };
    const done = await completed(config, { syncs, source, host, reason: 'Schedule' }).catch(
      (error: unknown) => error,
    );
    return { done, asked, host, source };
  }

  it('reads it and goes on with what it says', async () => {
    const { done, asked, host, source } = await taking({
      ...aConfig(),
      takeOver: { name: 'to-azure', complete },
    });

    assert.deepEqual(done, complete(sync));
    assert.deepEqual([asked, host.said.length, source.signedOut], [1, 2, 0]);
    assert.ok(host.said.every((line) => line.includes('to-azure')));
  });

  it('signs out when that fails', async () => {
    const failing = new SourceError('No such sync.');

    const { done, source } = await taking(
      { ...aConfig(), takeOver: { name: 'to-azure', complete } },
      failing,
    );

    assert.deepEqual([done, source.signedOut], [failing, 1]);
  });

  it('reads nothing where nobody named one, or the run may not write', async () => {
    const automatic = aConfig({ settings: { autoSync: false } });
    for (const config of [aConfig(), { ...automatic, takeOver: { name: 'to-azure', complete } }]) {
      const { done, asked } = await taking(config);

      assert.deepEqual([done, asked], [config, 0]);
    }
  });

  it('says in its report what it took over', () => {
    assert.deepEqual(noticesOn(aConfig()), []);
    assert.match(noticesOn(complete(sync)).join(), /to-azure/);
  });
});

describe('a second writer of a group', () => {
  const projects = { project: () => Promise.resolve({ id: 'ab-1', name: 'Shop' }) };
  const elsewhere = { project: () => Promise.resolve({ id: 'ab-2', name: 'Shop' }) };

  it('is refused when it runs by itself and writes the same group of the same project, whatever the case', async () => {
    await assert.rejects(refuseSecondWriter(complete(sync), projects), { name: 'UnsafePlanError' });
    const capital = { project: () => Promise.resolve({ id: 'AB-1', name: 'Shop' }) };
    const small = { ...sync, teamProject: { id: 'ab-1', name: 'Shop' } };
    await assert.rejects(refuseSecondWriter(complete(small), capital), { name: 'UnsafePlanError' });
  });

  for (const [title, config, where] of [
    ['there is no sync of Infisical', aConfig(), projects],
    ['it does not run by itself', complete({ ...sync, runsByItself: false }), projects],
    ['it writes another group', complete({ ...sync, environment: { slug: 'dev', name: 'dev' } }), projects],
    ['it writes another project', complete(sync), elsewhere],
    [
      'this run writes no group',
      { ...complete(sync), destination: { kind: 'pipelineVariables', setAsOutput: false } as const },
      projects,
    ],
    ['nobody knows the project', complete(sync), undefined],
  ] as const) {
    it(`is none when ${title}`, async () => {
      await refuseSecondWriter(config, where);
    });
  }
});
