import assert from 'node:assert/strict';
import type { FinishedStep } from '../../emulators/agent/mini-agent.js';
import { aWorld, canary, type SyncOptions, type World } from '../support/world.js';
import { withoutRecords } from '../support/described.js';

/** What people who sync secrets have reported: a tool took away what was not its own, and said success. */

const shopProd = { project: 'shop', environment: 'prod' };
const variable = (value: string) => ({ value, isSecret: true, isReadOnly: false, extra: {} });

/** Key schemas that begin or end alike, and what is there in the end. */
const alike: [wide: string, narrow: string, expected: string[]][] = [
  ['prod-{{secretKey}}', 'prod-eu-{{secretKey}}', ['prod-TOKEN', 'prod-eu-TOKEN']],
  ['APP_{{secretKey}}', 'APP_WEB_{{secretKey}}', ['APP_TOKEN', 'APP_WEB_TOKEN']],
  ['{{secretKey}}_PROD', '{{secretKey}}_EU_PROD', ['TOKEN_EU_PROD', 'TOKEN_PROD']],
];
const pairs = { build: alike, release: alike.slice(0, 1) };

for (const hostType of ['build', 'release'] as const) {
  describe(`what is not its own, a sync leaves alone, in a ${hostType}`, () => {
    let world: World;
    beforeEach(async () => {
      world = await aWorld();
      world.infisical.setSecret({ ...shopProd, path: '/api' }, 'TOKEN', 'api');
      world.infisical.setSecret({ ...shopProd, path: '/web' }, 'TOKEN', 'web');
    });
    afterEach(() => world.close());

    const sync = (inputs: Record<string, string>): Promise<FinishedStep> =>
      world.sync(inputs, { agent: { hostType } });
    const names = (): string[] => Object.keys(world.ado.variables('Shop', 'shop-prod')).sort();
    const description = (): string => world.ado.group('Shop', 'shop-prod')?.description ?? '';
    const edit = (change: (variables: Map<string, ReturnType<typeof variable>>) => void): void => {
      world.ado.editGroup('Shop', 'shop-prod', ({ variables }) => {
        change(variables as Map<string, ReturnType<typeof variable>>);
      });
    };

    for (const [wide, narrow, expected] of pairs[hostType]) {
      it(`where key schemas begin or end alike: ${wide} and ${narrow}`, async () => {
        const syncs = [
          { secretPath: '/api', keySchema: wide },
          { secretPath: '/web', keySchema: narrow },
        ];
        const steps: FinishedStep[] = [];
        for (const inputs of [...syncs, ...syncs]) steps.push(await sync(inputs));

        assert.deepEqual(
          steps.map(({ result, outputs }) => [result, outputs['deletedCount']]),
          Array.from({ length: 4 }, () => ['Succeeded', '0']),
        );
        assert.deepEqual(names(), expected);
      });
    }

    it('where environments begin alike', async () => {
      world.infisical.addProject({ slug: 'web', environments: ['prod', 'prod-eu'] });
      for (const environment of ['prod', 'prod-eu'])
        world.infisical.setSecret({ project: 'web', environment }, 'TOKEN', environment);
      world.machine.projects['web'] = 'admin';
      const inputs = { infisicalProject: 'web', keySchema: '{{environment}}-{{secretKey}}' };

      await sync({ ...inputs, environment: 'prod-eu' });
      const step = await sync({ ...inputs, environment: 'prod' });

      assert.deepEqual([step.result, names()], ['Succeeded', ['prod-TOKEN', 'prod-eu-TOKEN']]);
    });

    it('where two sources look alike as a name', async () => {
      for (const path of ['/api/v1', '/api-v1'])
        world.infisical.setSecret({ ...shopProd, path }, path.slice(1).replace(/\W/g, '_'), 'x');
      await sync({ secretPath: '/api/v1' });

      const second = await sync({ secretPath: '/api-v1', maxDeletions: '-1' });
      const removal = await sync({ secretPath: '/api-v1', action: 'remove' });

      assert.match(
        second.issues[0]?.message ?? '',
        /belongs to sync "shop-prod-api-v1-\w{8}" \(owns \*\); this is sync "shop-prod-api-v1-\w{8}"/,
      );
      assert.deepEqual([second.result, removal.result, names()], ['Failed', 'Failed', ['api_v1']]);
    });

    it('where a first sync with a key schema meets what somebody made by hand', async () => {
      const inputs = { keySchema: 'APP_{{secretKey}}' };
      world.ado.addGroup({
        project: 'Shop',
        name: 'shop-prod',
        variables: { APP_LEGACY_PASSWORD: 'x', B: 'y' },
      });

      const refused = await sync(inputs);
      const kept = await sync({ ...inputs, disableSecretDeletion: 'true' });

      assert.match(
        refused.issues[0]?.message ?? '',
        /This is the first sync .* would delete or empty 1 of 2 variables: "APP_LEGACY_PASSWORD"\. Nothing shows that this sync has written it\..*disableSecretDeletion.*overwriteDestination/,
      );
      assert.deepEqual([refused.result, kept.result], ['Failed', 'Succeeded']);
      assert.deepEqual(names(), ['APP_API_KEY', 'APP_DB_PASSWORD', 'APP_LEGACY_PASSWORD', 'B']);
    });

    it('where it is told that all that matches is its own', async () => {
      world.ado.addGroup({
        project: 'Shop',
        name: 'shop-prod',
        variables: { APP_LEGACY_PASSWORD: 'x', B: 'y' },
      });

      const step = await sync({
        keySchema: 'APP_{{secretKey}}',
        initialSyncBehavior: 'overwriteDestination',
      });

      assert.deepEqual([step.result, names()], ['Succeeded', ['APP_API_KEY', 'APP_DB_PASSWORD', 'B']]);
    });

    it('where somebody took its mark out of the description', async () => {
      await sync({ keySchema: 'APP_{{secretKey}}' });
      edit((variables) => variables.set('APP_BY_HAND', variable(canary.old)));
      world.ado.editGroup('Shop', 'shop-prod', (group) => {
        group.description = 'tidied up';
      });

      const step = await sync({ keySchema: 'APP_{{secretKey}}' });

      assert.equal(step.result, 'Failed');
      assert.match(step.issues[0]?.message ?? '', /This is the first sync .*"APP_BY_HAND"/);
      assert.equal(names().length, 3);
    });

    it('where two key schemas can give one name', async () => {
      world.infisical.setSecret({ ...shopProd, path: '/api' }, 'WEB_TOKEN', 'x');
      await sync({ secretPath: '/web', keySchema: 'APP_WEB_{{secretKey}}' });

      const step = await sync({ secretPath: '/api', keySchema: 'APP_{{secretKey}}' });

      assert.match(
        step.issues[0]?.message ?? '',
        /belongs to another sync with a narrower key schema, "shop-prod-web-\w{8}" \(owns APP_WEB_\*\): "APP_WEB_TOKEN"\./,
      );
      assert.deepEqual([step.result, names()], ['Failed', ['APP_WEB_TOKEN']]);
    });

    it('where another sync has the same key schema, and says so', async () => {
      const inputs = { keySchema: 'APP_{{secretKey}}' };
      await sync({ ...inputs, secretPath: '/api' });
      world.infisical.setSecret({ ...shopProd, path: '/web' }, 'OTHER', 'x');
      world.infisical.deleteSecret({ ...shopProd, path: '/web' }, 'TOKEN');
      await sync({ ...inputs, secretPath: '/web' });

      const step = await sync({ ...inputs, secretPath: '/api' });

      assert.deepEqual([step.result, names()], ['Succeeded', ['APP_OTHER', 'APP_TOKEN']]);
      assert.match(
        step.log,
        /Note: 1 variable not deleted, because it may belong to another sync, .*: "APP_OTHER"/,
      );
      assert.match(step.log, /APP_OTHER +keep +may belong to another sync/);
    });

    it('where the mark is one of an earlier version, until syncName says that it is its own', async () => {
      world.ado.addGroup({
        project: 'Shop',
        name: 'shop-prod',
        description: 'text\n[infisical-sync: shop-prod]',
        variables: { API_KEY: 'x', DB_PASSWORD: 'y' },
      });

      const refused = await sync({});
      const step = await sync({ syncName: 'shop-prod' });

      assert.match(
        refused.issues[0]?.message ?? '',
        /belongs to sync "shop-prod"; this is .*set syncName to that name/,
      );
      assert.deepEqual([refused.result, step.result], ['Failed', 'Succeeded']);
      assert.equal(
        withoutRecords(description()),
        'text\n[infisical-sync: shop-prod owns *]\n[infisical-sync-record: …]',
      );
    });
  });

  describe(`the variables of a pipeline that a sync is not known to have written, in a ${hostType}`, () => {
    let world: World;
    beforeEach(async () => {
      world = await aWorld();
      for (const name of ['APP_LEGACY_PASSWORD', 'OTHER']) {
        world.ado.definitions.edit(world.pipelineId, ({ variables }) => {
          variables[name] = { value: 'x', isSecret: false, allowOverride: false };
        });
      }
    });
    afterEach(() => world.close());

    const options: SyncOptions = { agent: { hostType } };
    const sync = (inputs: Record<string, string> = {}): Promise<FinishedStep> =>
      world.sync(
        {
          destination: 'pipelineDefinition',
          variableGroup: '',
          pipelineId: String(world.pipelineId),
          keySchema: 'APP_{{secretKey}}',
          ...inputs,
        },
        options,
      );
    const names = (): string[] =>
      Object.keys(world.ado.definitions.get(world.pipelineId)?.variables ?? {}).sort();
    const written = ['APP_API_KEY', 'APP_DB_PASSWORD'];

    it('stop it, with their names, until somebody says what is to become of them', async () => {
      const refused = await sync();
      assert.equal(refused.result, 'Failed');
      assert.match(
        refused.issues[0]?.message ?? '',
        /would delete 1 of 1 variable .*"APP_LEGACY_PASSWORD"\. A pipeline does not show which sync wrote a variable\./,
      );
      assert.deepEqual(names(), ['APP_LEGACY_PASSWORD', 'OTHER']);

      assert.equal((await sync({ disableSecretDeletion: 'true' })).result, 'Succeeded');
      assert.deepEqual(names(), [...written, 'APP_LEGACY_PASSWORD', 'OTHER']);

      assert.equal((await sync({ initialSyncBehavior: 'overwriteDestination' })).result, 'Succeeded');
      assert.deepEqual(names(), [...written, 'OTHER']);
    });

    it('stay when it is removed, and the log says how they can go, too', async () => {
      await sync({ disableSecretDeletion: 'true' });

      const step = await sync({ action: 'remove' });

      assert.deepEqual([step.result, names()], ['Succeeded', ['APP_LEGACY_PASSWORD', 'OTHER']]);
      assert.match(
        step.log,
        /Note: 1 variable not removed, although the key schema matches: "APP_LEGACY_PASSWORD"\..*initialSyncBehavior/,
      );
      await sync({ action: 'remove', initialSyncBehavior: 'overwriteDestination' });
      assert.deepEqual(names(), ['OTHER']);
    });
  });
}
