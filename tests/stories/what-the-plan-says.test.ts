import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Report } from '#task/domain/report.js';
import type { FinishedStep } from '../../emulators/agent/mini-agent.js';
import { aWorld, canary, type World } from '../support/world.js';

const prod = { project: 'shop', environment: 'prod' };
const group = 'variable group "shop-prod" in project "Shop"';

describe('what a plan says', () => {
  let world: World;
  beforeEach(async () => {
    world = await aWorld();
  });
  afterEach(() => world.close());

  const summaryOf = (step: FinishedStep): string => step.summaries.at(-1)?.content ?? '';
  /** A job in which the report file can still be read after its step. */
  const reportOf = async (inputs: Record<string, string>): Promise<Report> => {
    const job = world.job();
    try {
      const { outputs } = await job.runStep({ name: 'sync', inputs: { ...usual, ...inputs } });
      return JSON.parse(readFileSync(outputs['reportFile'] ?? '', 'utf8')) as Report;
    } finally {
      job.dispose();
    }
  };
  const usual = {
    infisicalConnection: 'infisical',
    infisicalProject: 'shop',
    environment: 'prod',
    variableGroup: 'shop-prod',
  };

  it('of the group is that it is new, until it is there', async () => {
    const plan = await world.sync({ action: 'plan' });
    const first = await world.sync();
    const second = await world.sync();

    assert.ok(plan.log.includes(`Plan for ${group} (new group): 2 to create.`));
    assert.ok(plan.log.includes(`Planned only, nothing was written: ${group} (new group): 2 to create.`));
    assert.ok(first.log.includes(`Synced and verified: ${group} (new group): 2 created.`));
    for (const step of [plan, first]) assert.match(summaryOf(step), /\*\*new\*\* variable group `shop-prod`/);
    assert.doesNotMatch(`${second.log}${summaryOf(second)}`, /new group|\*\*new\*\*/);
  });

  it('of a group that somebody else makes at the same moment is that it was there', async () => {
    world.ado.before({ method: 'POST', path: /variablegroups$/, times: 1 }, () => {
      world.ado.addGroup({ project: 'Shop', name: 'shop-prod', variables: { API_KEY: 'x' } });
    });

    const step = await world.sync();

    assert.equal(step.result, 'Succeeded');
    assert.match(
      step.log,
      /Synced and verified: variable group "shop-prod" in project "Shop": 1 created, 1 updated\./,
    );
  });

  it('of a variable is whether everybody can read it, and when that changes', async () => {
    world.infisical.setSecret(prod, 'REGION', canary.plain, { tags: ['plain'] });
    const inputs = { plainTag: 'plain' };

    const step = await world.sync(inputs);
    const same = await world.sync(inputs);
    world.infisical.setSecret(prod, 'REGION', canary.plain, { tags: [] });
    const secret = await world.sync({ ...inputs, action: 'plan' });

    assert.match(step.log, /: 3 to create; 1 plain\.$/m);
    assert.match(step.log, /^ {2}\+ API_KEY {6}create {3}secret {2}new$/m);
    assert.match(step.log, /^ {2}\+ REGION {7}create {3}PLAIN {3}new$/m);
    assert.match(summaryOf(step), /\| ➕ create \| `REGION` \| \*\*plain\*\* \| new \|/);
    assert.match(summaryOf(step), /\| ➕ create \| `API_KEY` \| secret \| new \|/);
    assert.match(same.log, /^ {4}REGION {7}keep {5}PLAIN {3}same$/m);
    assert.match(secret.log, /^ {2}~ REGION {7}update {3}secret {2}becomes secret$/m);
  });

  it('is in the report file, too', async () => {
    world.infisical.setSecret(prod, 'REGION', canary.plain, { tags: ['plain'] });

    const report = await reportOf({ plainTag: 'plain', action: 'plan' });

    assert.deepEqual(report.destination, {
      kind: 'variableGroup',
      project: 'Shop',
      name: 'shop-prod',
      existed: false,
    });
    assert.deepEqual(
      report.changes.map(({ name, type }) => [name, type]),
      [
        ['API_KEY', 'secret'],
        ['DB_PASSWORD', 'secret'],
        ['REGION', 'plain'],
      ],
    );
  });

  it('of a secret that only lacks the tag is not that Infisical does not have it', async () => {
    world.infisical.setSecret(prod, 'DB_PASSWORD', canary.database, { tags: ['web'] });
    world.infisical.setSecret(prod, 'OLD', canary.old);
    await world.sync();
    world.infisical.deleteSecret(prod, 'OLD');

    const step = await world.sync({ tags: 'web', action: 'plan', maxDeletions: '2' });

    assert.match(step.log, /- API_KEY {6}delete {11}has no matching tag/);
    assert.match(step.log, /- OLD {10}delete {11}not in Infisical/);
    assert.match(step.log, /Note: Infisical no longer returns a secret for "OLD"\./);
  });

  for (const [title, tags, message] of [
    [
      'a tag that nobody has',
      'web',
      /Infisical returned 3 secrets .* but none with the tag "web"\. Check the input tags/,
    ],
    ['two of them', 'web,job', /none with the tag "web" or "job"\./],
  ] as const)
    it(`of ${title} is to check the tags, and which imported secrets are left out`, async () => {
      world.infisical.setSecret({ ...prod, path: '/shared' }, 'SHARED', 'x');
      world.infisical.addImport(prod, { environment: 'prod', path: '/shared' });

      const step = await world.sync({ tags });

      assert.equal(step.result, 'Failed');
      assert.match(step.issues[0]?.message ?? '', message);
      assert.doesNotMatch(step.issues[0]?.message ?? '', /role/);
      assert.match(step.log, /Note: 1 imported secret left out: .* with the tag "web"/);
    });

  it('of imported secrets that tags leave out comes also where the guard refuses', async () => {
    world.infisical.setSecret({ ...prod, path: '/shared' }, 'SHARED', 'x', { tags: ['web'] });
    world.infisical.addImport(prod, { environment: 'prod', path: '/shared' });
    await world.sync();
    world.infisical.setSecret(prod, 'API_KEY', canary.api, { tags: ['web'] });

    const step = await world.sync({ tags: 'web', maxDeletions: '1' });

    assert.equal(step.result, 'Failed');
    assert.match(step.log, /- SHARED {7}delete {11}has no matching tag/);
    assert.equal(step.log.match(/Note: 1 imported secret left out/g)?.length, 1);
  });

  it('of no secret and no group is that none is made', async () => {
    const inputs = { secretPath: '/empty', allowEmptySource: 'true' };
    world.infisical.setSecret({ ...prod, path: '/empty' }, 'GONE', 'x');
    world.infisical.deleteSecret({ ...prod, path: '/empty' }, 'GONE');

    const plan = await world.sync({ ...inputs, action: 'plan' });
    const step = await world.sync(inputs);

    for (const { result, log } of [plan, step]) {
      assert.equal(result, 'Succeeded');
      assert.match(log, /does not exist, and there is nothing to write into it, so it is not created\./);
      assert.doesNotMatch(log, /new group|VARIABLE/);
    }
    assert.equal(world.ado.group('Shop', 'shop-prod'), undefined);
  });

  it('of a removal from a group that is not there is just that', async () => {
    const step = await world.sync({ action: 'remove' });

    assert.deepEqual([step.result, step.outputs['syncStatus']], ['Succeeded', 'unchanged']);
    assert.ok(
      step.log.includes(
        'Variable group "shop-prod" in project "Shop" does not exist, so there is nothing to remove.',
      ),
    );
    assert.match(step.log, /Note: If you expected the variable group, check variableGroup/);
    assert.match(summaryOf(step), /^## ✅ Nothing to do: the variable group does not exist/);
    assert.doesNotMatch(step.log, /Plan for|VARIABLE|Nothing to write/);
  });
});

for (const hostType of ['build', 'release'] as const)
  describe(`a removal from a group with another sync’s mark, in a ${hostType}`, () => {
    it('does not delete the group, until somebody takes the mark away', async () => {
      const world = await aWorld();
      try {
        const sync = (inputs: Record<string, string>): Promise<FinishedStep> =>
          world.sync(inputs, { agent: { hostType } });
        const app = { keySchema: 'APP_{{secretKey}}' };
        await sync(app);
        world.ado.editGroup('Shop', 'shop-prod', (one) => {
          one.description = `${one.description ?? ''}\n[infisical-sync: web owns WEB_*]`;
        });

        const refused = await sync({ ...app, action: 'remove' });
        const left = Object.keys(world.ado.variables('Shop', 'shop-prod'));
        world.ado.editGroup('Shop', 'shop-prod', (one) => {
          one.description = (one.description ?? '').replace('\n[infisical-sync: web owns WEB_*]', '');
        });
        const removed = await sync({ ...app, action: 'remove' });

        assert.match(
          refused.issues[0]?.message ?? '',
          /the whole group would be deleted.*mark of sync "web" \(owns WEB_\*\).*Nothing was written\./,
        );
        assert.deepEqual([refused.result, left], ['Failed', ['APP_API_KEY', 'APP_DB_PASSWORD']]);
        assert.deepEqual([removed.result, world.ado.group('Shop', 'shop-prod')], ['Succeeded', undefined]);
      } finally {
        await world.close();
      }
    });
  });
