import assert from 'node:assert/strict';
import type { FinishedStep } from '../../emulators/agent/mini-agent.js';
import { aWorld, canary, type SyncOptions, type World } from '../support/world.js';

const prod = { project: 'shop', environment: 'prod' };
const path = /build\/definitions\/\d+$/;

describe('the variables saved on a pipeline', () => {
  let world: World;
  beforeEach(async () => {
    world = await aWorld();
  });
  afterEach(() => world.close());

  const sync = (inputs: Record<string, string> = {}, options: SyncOptions = {}): Promise<FinishedStep> =>
    world.sync({ destination: 'pipelineDefinition', variableGroup: '', ...inputs }, options);
  const saved = (id = world.pipelineId) => world.ado.definitions.get(id);
  const values = (): Record<string, string | null> =>
    Object.fromEntries(Object.entries(saved()?.variables ?? {}).map(([name, { value }]) => [name, value]));
  const put = (
    name: string,
    variable: { value: string; isSecret?: boolean; allowOverride?: boolean },
  ): void => {
    world.ado.definitions.edit(world.pipelineId, ({ variables }) => {
      variables[name] = { isSecret: false, allowOverride: false, ...variable };
    });
  };
  const writes = (): number => world.ado.requests.filter(({ method }) => method === 'PUT').length;

  it('are those of the pipeline that runs, and what is not the sync’s stays as it was', async () => {
    put('THEIRS', { value: canary.old, isSecret: true, allowOverride: true });
    put('PLAIN', { value: 'x', allowOverride: true });

    const step = await sync();

    assert.deepEqual(
      [
        step.result,
        step.outputs['syncStatus'],
        step.outputs['createdCount'],
        step.outputs['variableGroupId'],
      ],
      ['Succeeded', 'synced', '2', ''],
    );
    assert.deepEqual(saved()?.variables, {
      API_KEY: { value: canary.api, isSecret: true, allowOverride: false },
      DB_PASSWORD: { value: canary.database, isSecret: true, allowOverride: false },
      PLAIN: { value: 'x', isSecret: false, allowOverride: true },
      THEIRS: { value: canary.old, isSecret: true, allowOverride: true },
    });
    assert.match(
      step.summaries[0]?.content ?? '',
      /variables of pipeline `nightly` \(ID \d+\) in project `Shop`/,
    );
  });

  it('may be those of another pipeline', async () => {
    const other = world.ado.definitions.add({ project: 'Shop', name: 'release' });

    const step = await sync({ pipelineId: String(other.id) });

    assert.equal(step.result, 'Succeeded');
    assert.deepEqual(Object.keys(saved(other.id)?.variables ?? {}), ['API_KEY', 'DB_PASSWORD']);
    assert.deepEqual(values(), {});
  });

  it('are deleted only when they match a key schema, with consent and within the limit', async () => {
    const narrow = { keySchema: 'APP_{{secretKey}}', initialSyncBehavior: 'overwriteDestination' };
    put('APP_OLD', { value: canary.old, isSecret: true });
    put('OLD', { value: 'x' });
    assert.equal((await sync()).outputs['deletedCount'], '0');

    const step = await sync(narrow);

    assert.deepEqual([step.result, step.outputs['deletedCount']], ['Succeeded', '1']);
    assert.deepEqual(Object.keys(values()), [
      'API_KEY',
      'APP_API_KEY',
      'APP_DB_PASSWORD',
      'DB_PASSWORD',
      'OLD',
    ]);
    for (const name of ['APP_1', 'APP_2', 'APP_3', 'APP_4']) put(name, { value: 'x' });
    const refused = await sync(narrow);
    assert.equal(refused.result, 'Failed');
    assert.match(
      refused.issues[0]?.message ?? '',
      /would delete or empty 4 of 6 variables in pipeline "nightly".*The limit is 3/s,
    );
  });

  it('are taken out by remove, with the key schema that they were written with', async () => {
    put('THEIRS', { value: 'x' });
    await sync({ keySchema: 'APP_{{secretKey}}' });

    const refused = await sync({ action: 'remove' });
    const step = await sync({ action: 'remove', keySchema: 'APP_{{secretKey}}' });

    assert.match(refused.issues[0]?.message ?? '', /^Fix these inputs:.*keySchema: has no prefix or suffix/s);
    assert.deepEqual(
      [step.result, step.outputs['syncStatus'], step.outputs['deletedCount']],
      ['Succeeded', 'removed', '2'],
    );
    assert.deepEqual(values(), { THEIRS: 'x' });
  });

  it('are shown and left alone by a plan', async () => {
    const step = await sync({ action: 'plan' });

    assert.deepEqual([step.result, step.outputs['syncStatus'], writes()], ['Succeeded', 'planned', 0]);
  });

  it('are left alone by a run that nobody started, where autoSync is off', async () => {
    const step = await sync({ autoSync: 'false' }, { agent: { reason: 'Schedule' } });

    assert.deepEqual([step.result, step.outputs['syncStatus'], writes()], ['Succeeded', 'skipped', 0]);
  });

  it('are planned again when somebody saves the pipeline at the same time', async () => {
    world.ado.before({ method: 'PUT', path }, () => {
      put('RIVAL', { value: 'theirs' });
    });

    const step = await sync();

    assert.equal(step.result, 'SucceededWithIssues');
    assert.match(step.issues[0]?.message ?? '', /Somebody else wrote to the destination at the same time/);
    assert.deepEqual(values(), { API_KEY: canary.api, DB_PASSWORD: canary.database, RIVAL: 'theirs' });
  });

  it('need a permission, which the message names with pipeline and identity', async () => {
    world.build.definitions = 'view';

    const step = await sync();

    assert.equal(step.result, 'Failed');
    assert.match(
      step.issues[0]?.message ?? '',
      /"Shop Build Service \(example-org\)" may not change pipeline \d+ in project "Shop".*"Edit build pipeline"/,
    );
  });

  it('become plain and empty where a secret became empty, and the summary warns', async () => {
    await sync();
    world.infisical.setSecret(prod, 'API_KEY', '');

    const step = await sync();

    assert.equal(step.result, 'SucceededWithIssues');
    assert.deepEqual(saved()?.variables['API_KEY'], { value: '', isSecret: false, allowOverride: false });
  });

  it('of a classic release are not known, so it has to name a pipeline', async () => {
    const release: SyncOptions = { agent: { hostType: 'release' } };

    const refused = await sync({}, release);
    const step = await sync({ pipelineId: String(world.pipelineId) }, release);

    assert.match(
      refused.issues[0]?.message ?? '',
      /pipelineId: is empty, but a classic release has no saved variables/,
    );
    assert.equal(step.result, 'Succeeded');
    assert.equal(Object.keys(values()).length, 2);
  });

  it('of another project need a number, too', async () => {
    world.ado.addProject({ name: 'Other' });

    const step = await sync({ azureDevOpsProject: 'Other' });

    assert.match(
      step.issues[0]?.message ?? '',
      /pipelineId: is empty, but the running pipeline is not in project "Other"/,
    );
  });
});
