import assert from 'node:assert/strict';
import type { DestinationPlan } from '#task/domain/destination-plan.js';
import { AzureDevOpsApi } from '#task/adapters/azure-devops/api.js';
import { DefinitionApi } from '#task/adapters/azure-devops/definition/definition-api.js';
import { DefinitionStore } from '#task/adapters/azure-devops/definition/definition-store.js';
import { HttpClient } from '#task/adapters/http/client.js';
import { converge } from '#task/sync/converge.js';
import type { Converged } from '#task/sync/rounds.js';
import type { DesiredVariable } from '#task/domain/desired.js';
import type { SyncSettings } from '#task/domain/settings.js';
import { AzureDevOpsEmulator } from '../../emulators/azure-devops/emulator.js';
import type { Identity } from '../../emulators/azure-devops/identities.js';
import type { Profile } from '../../emulators/azure-devops/versions.js';
import { anIdentity, clientOptions, aSchema, settings, unwatched, wanted } from '../support/builders.js';
import { FakeClock } from '../support/fake-clock.js';

const token = 'job-token';
const definitionPath = /build\/definitions\/\d+$/;

const emptyPlan: DestinationPlan = {
  exists: true,
  changes: [],
  description: '',
  write: 'update',
  inScope: 0,
  clashes: [],
  open: [],
  notices: [],
};

describe('DefinitionStore', () => {
  let ado: AzureDevOpsEmulator;
  let build: Identity;
  let clock: FakeClock;
  let http: HttpClient;
  let id: number;

  const start = async (profile: Profile = 'services'): Promise<void> => {
    clock = new FakeClock();
    ado = await AzureDevOpsEmulator.start({ profile });
    ado.addProject({ name: 'Shop' });
    build = ado.addIdentity({ name: 'build', bearer: token });
    ({ id } = ado.definitions.add({
      project: 'Shop',
      name: 'nightly',
      variables: {
        OWN: { value: 'own-secret', isSecret: true, allowOverride: true },
        PLAIN: { value: 'plain', allowOverride: true },
        APP_OLD: { value: 'old', isSecret: true },
      },
      body: { process: { type: 2, yamlFilename: 'ci.yml' }, badgeEnabled: true },
    }));
    http = new HttpClient(clientOptions(clock));
  };
  beforeEach(() => start());
  afterEach(async () => {
    http.close();
    await ado.close();
  });

  const storeOf = (pipelineId = id): DefinitionStore => {
    const api = new AzureDevOpsApi(anIdentity(ado.collectionUrl, token), http);
    const about = { api, project: 'Shop', projectTitle: 'Shop' };
    return new DefinitionStore({
      pipelineId,
      projectTitle: 'Shop',
      definitions: new DefinitionApi({ ...about, pipelineId }),
      clock,
    });
  };
  const sync = async (
    variables: DesiredVariable[],
    chosen: Partial<SyncSettings> = {},
    store = storeOf(),
  ): Promise<Converged> =>
    converge(await store.read(), {
      settings: settings(chosen),
      desired: { variables, names: variables.map(({ name }) => name), sourceMayBeIncomplete: false },
      store,
      clock,
      ...unwatched,
    });
  const saved = () => ado.definitions.get(id);
  const writes = (): number => ado.requests.filter(({ method }) => method === 'PUT').length;
  const rival = (times: number): void => {
    ado.before({ method: 'PUT', path: definitionPath, times }, () => {
      ado.definitions.edit(id, ({ variables }) => {
        variables['RIVAL'] = { value: 'theirs', isSecret: false, allowOverride: false };
      });
    });
  };

  it('writes what is ours and gives everything else back as it was', async () => {
    const { changes } = await sync([wanted('NEW', 'n'), wanted('plain', 'p', false)]);

    assert.deepEqual(
      changes.map(({ kind, name }) => `${kind} ${name}`),
      ['keep APP_OLD', 'create NEW', 'keep OWN', 'update PLAIN'],
    );
    assert.deepEqual(saved()?.variables, {
      APP_OLD: { value: 'old', isSecret: true, allowOverride: false },
      NEW: { value: 'n', isSecret: true, allowOverride: false },
      OWN: { value: 'own-secret', isSecret: true, allowOverride: true },
      PLAIN: { value: 'p', isSecret: false, allowOverride: true },
    });
    const sent = JSON.parse(ado.requests.find(({ method }) => method === 'PUT')?.body ?? '') as object;
    assert.deepEqual(
      ['process', 'badgeEnabled', 'revision'].map((key) => (sent as Record<string, unknown>)[key]),
      [{ type: 2, yamlFilename: 'ci.yml' }, true, 1],
    );
  });

  it('sends no value of a secret that it does not change', async () => {
    await sync([wanted('NEW')]);

    const body = ado.requests.find(({ method }) => method === 'PUT')?.body ?? '';
    assert.match(body, /"OWN":\{"allowOverride":true,"isSecret":true\}/);
  });

  it('deletes what matches the key schema and is not in Infisical, with consent', async () => {
    await sync([wanted('APP_NEW')], {
      keySchema: aSchema('APP_{{secretKey}}'),
      overwriteOnFirstSync: true,
    });

    assert.deepEqual(Object.keys(saved()?.variables ?? {}), ['APP_NEW', 'OWN', 'PLAIN']);
  });

  it('writes nothing when nothing differs', async () => {
    const { wrote } = await sync([wanted('PLAIN', 'plain', false)]);

    assert.deepEqual([wrote, writes(), saved()?.revision], [false, 0, 1]);
  });

  for (const status of [404, 409] as const) {
    it(`reads and plans again when somebody saved the pipeline in between (${String(status)})`, async () => {
      ado.switches.staleDefinition = status;
      rival(1);

      const { contested } = await sync([wanted('NEW')]);

      assert.deepEqual([contested, writes(), saved()?.variables['RIVAL']?.value], [true, 2, 'theirs']);
    });
  }

  it('gives up after three times, having lost nothing of the rival’s', async () => {
    rival(9);

    await assert.rejects(sync([wanted('NEW')]), {
      name: 'DestinationError',
      message: /pipeline "nightly" \(ID 1\) in project "Shop" at the same time, again and again/i,
    });
    assert.deepEqual([writes(), saved()?.variables['RIVAL']?.value], [3, 'theirs']);
  });

  it('knows that nothing was written when a write met somebody else’s', async () => {
    rival(9);

    const store = storeOf();
    await store.read();

    const outcome = await store.write(emptyPlan, 1);

    assert.deepEqual(outcome, { kind: 'contested', tookEffect: false });
  });

  it('takes a refusal for what it is when the pipeline did not change', async () => {
    ado.faults.add({
      match: { method: 'PUT' },
      fault: { kind: 'status', status: 400, body: { typeKey: 'ArgumentException', message: 'x' } },
    });

    await assert.rejects(sync([wanted('NEW')]), {
      name: 'DestinationError',
      message: /refused the new variables of pipeline 1.*\(status 400, ArgumentException\)$/,
    });
    assert.equal(writes(), 1);
  });

  it('reads what became of a write without an answer, and writes again', async () => {
    ado.faults.add({ match: { method: 'PUT' }, fault: { kind: 'reset' }, when: 'after' });

    const { changes } = await sync([wanted('NEW')]);

    assert.equal(changes.find(({ name }) => name === 'NEW')?.kind, 'create');
    assert.deepEqual([writes(), saved()?.revision], [2, 3]);
  });

  it('waits as long as it is asked to', async () => {
    ado.faults.add({
      match: { method: 'PUT' },
      fault: { kind: 'status', status: 429, headers: { 'Retry-After': '7' } },
    });

    await sync([wanted('NEW')]);

    assert.ok(clock.waits.includes(7_000));
  });

  it('reads again while a read shows a state from before the write', async () => {
    const store = storeOf();
    await store.read();
    const old = JSON.parse((await getDefinition()).text) as object;
    ado.faults.add({
      match: { method: 'GET', path: definitionPath },
      fault: { kind: 'status', status: 200, body: old },
      skip: 1,
    });

    await sync([wanted('NEW')], {}, store);

    assert.deepEqual([writes(), saved()?.variables['NEW']?.value], [1, 'value of NEW']);
  });

  it('names the missing permission, the pipeline and the identity', async () => {
    build.definitions = 'view';
    await assert.rejects(sync([wanted('NEW')]), {
      name: 'DestinationError',
      message:
        /^"P Build Service \(o\)" may not change pipeline 1 in project "Shop"\. .*"Edit build pipeline".*service connection/,
    });
    build.definitions = 'none';
    await assert.rejects(sync([wanted('NEW')]), {
      name: 'DestinationError',
      message: /^"P Build Service \(o\)" may not read pipeline 1 in project "Shop"\. .*"View build pipeline"/,
    });
  });

  it('says that there is no such pipeline', async () => {
    await assert.rejects(storeOf(77).read(), {
      name: 'DestinationError',
      message:
        /^Azure DevOps has no build pipeline 77 in project "Shop", or "P Build Service \(o\)" may not see it\. .* Check pipelineId/,
    });
  });

  it('writes nothing that it does not understand', async () => {
    ado.faults.add({
      match: { method: 'GET', path: definitionPath },
      fault: { kind: 'status', status: 200, body: { id: 1, name: 'nightly' } },
    });

    await assert.rejects(storeOf().read(), {
      name: 'DestinationError',
      message:
        /described pipeline 1 in a form that this task does not know\. This task does not write what it can’t read/,
    });
  });

  it('refuses names that differ only in case', async () => {
    ado.definitions.edit(id, ({ variables }) => {
      variables['plain'] = { value: 'x', isSecret: false, allowOverride: false };
    });

    await assert.rejects(storeOf().read(), {
      name: 'DestinationError',
      message: /^Pipeline "nightly" .* contains names that differ only in case: "PLAIN" and "plain"/,
    });
  });

  it('works with Azure DevOps Server 2019', async () => {
    http.close();
    await ado.close();
    await start('server-2019');

    await sync([wanted('NEW')]);

    assert.equal(saved()?.variables['NEW']?.value, 'value of NEW');
  });

  function getDefinition(): Promise<{ text: string }> {
    return fetch(`${ado.collectionUrl}Shop/_apis/build/definitions/${String(id)}?api-version=7.1`, {
      headers: { Authorization: `Bearer ${token}` },
    }).then(async (response) => ({ text: await response.text() }));
  }
});
