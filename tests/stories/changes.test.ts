import assert from 'node:assert/strict';
import { recordKeyName } from '#task/domain/record/reserved.js';
import { describedIn } from '../support/described.js';
import { aWorld, canary, type World } from '../support/world.js';

const prod = { project: 'shop', environment: 'prod' };
const reserved = 'canary-record-key-Bq83LmVc5Xz1Wn7Kp2Jd6Rt9';

describe('knowing what changed', () => {
  let world: World;
  beforeEach(async () => {
    world = await aWorld();
  });
  afterEach(() => world.close());

  const writes = (): number =>
    world.ado.requests.filter(({ method }) => method === 'PUT' || method === 'POST').length;
  const editByHand = (name: string): void => {
    world.ado.editGroup('Shop', 'shop-prod', ({ variables }) => {
      variables.set(name, { value: canary.old, isSecret: true, isReadOnly: false, extra: {} });
    });
  };

  it('a run that finds everything unchanged writes nothing, and the group’s time of change stays', async () => {
    await world.sync();
    const before = world.ado.group('Shop', 'shop-prod');

    const step = await world.sync();

    assert.deepEqual(
      [step.result, step.outputs['syncStatus'], step.outputs['hasChanges']],
      ['Succeeded', 'unchanged', 'false'],
    );
    assert.deepEqual(world.ado.group('Shop', 'shop-prod'), before);
    assert.equal(writes(), 1);
    assert.match(step.log, / {4}API_KEY {6}keep {5}secret {2}same/);
    assert.match(step.log, /Nothing to write: variable group "shop-prod" in project "Shop": 2 kept\./);
  });

  it('a plan says what is true: one secret is different, the other is the same', async () => {
    await world.sync();
    world.infisical.setSecret(prod, 'API_KEY', canary.old);

    const step = await world.sync({ action: 'plan' });

    assert.match(
      step.log,
      /~ API_KEY {6}update {3}secret {2}different\n.* {4}DB_PASSWORD {2}keep {5}secret {2}same/,
    );
    assert.deepEqual([step.outputs['updatedCount'], step.outputs['keptCount'], writes()], ['1', '1', 1]);
  });

  it('an edit by hand is undone, whether the edited secret has changed in Infisical or not', async () => {
    await world.sync();
    editByHand('DB_PASSWORD');

    const step = await world.sync();

    assert.equal(world.ado.variables('Shop', 'shop-prod')['DB_PASSWORD']?.value, canary.database);
    assert.match(step.log, /= DB_PASSWORD {2}rewrite {2}secret {2}group edited since the last sync/);
    assert.equal((await world.sync()).outputs['syncStatus'], 'unchanged');
  });

  it('another client secret, and a connection that only reads the same, write once and agree then', async () => {
    await world.sync();

    const step = await world.sync({}, { auth: 'token' });

    assert.match(step.log, /= API_KEY {6}rewrite {2}secret {2}recorded with another key/);
    assert.equal((await world.sync({}, { auth: 'token' })).outputs['syncStatus'], 'unchanged');
  });

  it('without a key every run writes, says so once, and leaves no record', async () => {
    await world.sync({}, { auth: 'oidc' });

    const step = await world.sync({}, { auth: 'oidc' });

    assert.deepEqual([step.result, step.outputs['rewrittenCount']], ['Succeeded', '2']);
    assert.match(
      step.log,
      /Note: This sign-in has no stored secret to make a key from, so the task cannot record/,
    );
    assert.equal(describedIn(world), '[infisical-sync: shop-prod… owns *]');
  });

  it('the reserved secret is the key for everybody who reads the folder, and is never synced', async () => {
    world.infisical.setSecret(prod, recordKeyName, reserved);
    const agent = { canaries: () => [...Object.values(canary), reserved] };
    await world.sync({}, { auth: 'oidc', agent });

    const step = await world.sync({}, { auth: 'universal', agent });

    assert.equal(step.outputs['syncStatus'], 'unchanged');
    assert.deepEqual(Object.keys(world.ado.variables('Shop', 'shop-prod')), ['API_KEY', 'DB_PASSWORD']);
    assert.ok(step.masks.includes(reserved));
  });

  it('a reserved secret that is short is no key, and no failure', async () => {
    world.infisical.setSecret(prod, recordKeyName, 'short');

    const step = await world.sync({}, { auth: 'oidc' });

    assert.equal(step.result, 'Succeeded');
    assert.match(step.log, /Note: The secret "SECRET_SYNC_RECORD_KEY" has fewer than 32 characters/);
    assert.deepEqual(Object.keys(world.ado.variables('Shop', 'shop-prod')), ['API_KEY', 'DB_PASSWORD']);
  });

  it('detectChanges: false writes as ever and takes the record out', async () => {
    await world.sync();

    const step = await world.sync({ detectChanges: 'false' });

    assert.equal(step.outputs['rewrittenCount'], '2');
    assert.equal(describedIn(world), '[infisical-sync: shop-prod… owns *]');
    assert.equal(writes(), 2);
  });

  for (const [title, description] of [
    ['too long', 'x'.repeat(2_000)],
    ['full of lines that look like records', '[infisical-sync-record: shop-prod 1 a b c]\n'.repeat(20)],
  ] as const) {
    it(`a description that is ${title} keeps no sync from its work`, async () => {
      await world.sync();
      world.ado.editGroup('Shop', 'shop-prod', (group) => {
        group.description = `${description}\n${group.description ?? ''}`;
      });
      world.infisical.setSecret(prod, 'API_KEY', canary.old);

      const step = await world.sync();

      assert.equal(step.result, 'Succeeded');
      assert.equal(world.ado.variables('Shop', 'shop-prod')['API_KEY']?.value, canary.old);
    });
  }

  describe('a check', () => {
    it('passes after a sync and writes nothing', async () => {
      await world.sync();

      const step = await world.sync(
        { action: 'check', autoSync: 'false' },
        { agent: { variables: { 'build.reason': 'Schedule' } } },
      );

      assert.deepEqual([step.result, step.outputs['hasChanges'], writes()], ['Succeeded', 'false', 1]);
      assert.match(step.summaries[0]?.content ?? '', /## ✅ Check passed – nothing was written: 2 to keep/);
    });

    it('fails when Infisical has changed, with its report and its outputs', async () => {
      await world.sync();
      world.infisical.setSecret(prod, 'API_KEY', canary.old);

      const step = await world.sync({ action: 'check' });

      assert.deepEqual([step.result, step.outputs['hasChanges'], writes()], ['Failed', 'true', 1]);
      assert.match(
        step.issues[0]?.message ?? '',
        /^Check failed for variable group "shop-prod" in project "Shop"\. Run a sync/,
      );
      assert.match(step.log, /- update "API_KEY": different/);
      assert.match(step.summaries[0]?.content ?? '', /## ❌ Check failed – nothing was written/);
    });

    it('fails when somebody edited the group', async () => {
      await world.sync();
      editByHand('THEIRS');

      const step = await world.sync({ action: 'check', disableSecretDeletion: 'true' });

      assert.equal(step.result, 'Failed');
      assert.match(step.log, /- the group was edited since the last sync$/m);
    });

    it('warns of what it can’t know', async () => {
      await world.sync({ detectChanges: 'false' });

      const step = await world.sync({ action: 'check' });

      assert.equal(step.result, 'SucceededWithIssues');
      assert.match(
        step.issues[0]?.message ?? '',
        /^2 secrets in .* could not be compared with Infisical \(never recorded\): "API_KEY" and "DB_PASSWORD"\.$/,
      );
    });
  });

  describe('an approved plan', () => {
    const plan = async (): Promise<string> =>
      (await world.sync({ action: 'plan' })).outputs['planDigest'] ?? '';

    it('is carried out', async () => {
      await world.sync();
      world.infisical.setSecret(prod, 'API_KEY', canary.old);
      const approvedPlan = await plan();

      const step = await world.sync({ approvedPlan });

      assert.deepEqual([step.result, step.outputs['updatedCount']], ['Succeeded', '1']);
    });

    it('is carried out although the answer to the write is lost', async () => {
      const approvedPlan = await plan();
      world.ado.faults.add({ match: { method: 'POST' }, when: 'after', fault: { kind: 'reset' } });

      const step = await world.sync({ approvedPlan });

      assert.deepEqual([step.result, step.outputs['createdCount']], ['Succeeded', '2']);
    });

    for (const [title, change, message] of [
      [
        'a value changed in Infisical',
        () => {
          world.infisical.setSecret(prod, 'DB_PASSWORD', canary.old);
        },
        /- not approved, or not with this value: update "DB_PASSWORD" \(secret, different\)/,
      ],
      [
        'a secret came',
        () => {
          world.infisical.setSecret(prod, 'NEW', 'new-value');
        },
        /- not approved, or not with this value: create "NEW" \(secret, new\)/,
      ],
      [
        'somebody edited the group',
        () => {
          editByHand('API_KEY');
        },
        /was changed, created or deleted after the plan was made/,
      ],
    ] as const) {
      it(`is refused when ${title} since, and nothing is written`, async () => {
        await world.sync();
        world.infisical.setSecret(prod, 'API_KEY', canary.plain);
        const approvedPlan = await plan();
        change();

        const step = await world.sync({ approvedPlan });

        assert.deepEqual([step.result, writes()], ['Failed', 1]);
        assert.match(step.log, /The plan is not the approved one\./);
        assert.match(step.log, message);
      });
    }
  });
});
