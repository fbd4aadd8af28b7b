import assert from 'node:assert/strict';
import { parse } from 'yaml';
import type { Run } from '../../emulators/azure-devops/runs.js';
import type { YamlPipeline } from '../../emulators/azure-devops/yaml-pipelines.js';
import type { Webhook } from '../../emulators/infisical/webhooks.js';
import type { FinishedStep } from '../../emulators/agent/mini-agent.js';
import { startRelay, type RelayProcess } from '../support/relay.js';
import { aWorld, canary, type World } from '../support/world.js';
import { runOn, stepsOf, yamlIn } from '../support/yaml-documents.js';

const recipe = yamlIn('docs/recipes/auto-sync.md')[0] ?? '';
/** What the recipe's filters ask for; the emulators are filled by it, so that its YAML runs as it stands there. */
const wanted = new Map(
  (
    parse(recipe) as { resources: { webhooks: { filters: { path: string; value: string }[] }[] } }
  ).resources.webhooks[0]?.filters.map(({ path, value }) => [path, value]),
);
const projectId = wanted.get('project.projectId') ?? '';
const root = { project: 'shop', environment: 'prod' };

const hookName = 'canary-hook-name-5f0c8e1b7d3a';
const infisicalSecret = 'canary-infisical-hook-Xk29Qm7c';
const azureSecret = 'canary-azure-hook-Pw73Lt0a';
const changed = 'canary-changed-Nn27XwQe5Rt8';

for (const way of ['direct', 'relay'] as const) {
  describe(`auto-sync by the recipe, ${way}`, () => {
    let world: World;
    let relay: RelayProcess | undefined;
    let pipeline: YamlPipeline;
    let webhook: Webhook;
    let hookUrl: string;
    beforeEach(async () => {
      world = await aWorld({ infisicalProjectId: projectId });
      const { ado, infisical, pipelineId } = world;
      const signed = way === 'direct' ? {} : { secret: azureSecret, header: 'X-Relay-Signature' };
      ado.pipelines.addIncomingWebhook({ connection: 'infisical-webhook', webhookName: hookName, ...signed });
      pipeline = ado.pipelines.save({ project: 'Shop', id: pipelineId, name: 'nightly', yaml: recipe });
      hookUrl = `${ado.collectionUrl}_apis/public/distributedtask/webhooks/${hookName}?api-version=6.0-preview`;
      relay = way === 'direct' ? undefined : await startRelayTo(hookUrl);
      webhook = infisical.webhooks.add({
        ...root,
        url: relay?.url ?? hookUrl,
        ...(way === 'direct' ? {} : { secretKey: infisicalSecret }),
        events: ['secrets.modified'],
      });
      ado.pipelines.run(pipeline);
      await runNext();
    });
    afterEach(async () => {
      await Promise.all([world.close(), relay?.stop()]);
      const told = relay?.lines.join('\n') ?? '';
      for (const secret of [infisicalSecret, azureSecret, hookName, projectId, ...Object.values(canary)])
        assert.ok(!told.includes(secret), `the relay tells ${secret}`);
    });

    const startRelayTo = (url: string): Promise<RelayProcess> =>
      startRelay({
        INFISICAL_WEBHOOK_SECRET: infisicalSecret,
        AZURE_WEBHOOK_SECRET: azureSecret,
        AZURE_WEBHOOK_URL: url,
      });

    /** What an agent does for a run. */
    const work = async (run: Run): Promise<FinishedStep> => {
      const job = world.job({ agent: { reason: run.reason, canaries: [...Object.values(canary), changed] } });
      try {
        const [step, ...others] = stepsOf(run.compiled);
        assert.ok(step !== undefined && others.length === 0);
        return await runOn(job, step);
      } finally {
        job.dispose();
      }
    };
    /** An agent takes the next run, from its begin to its end. */
    const runNext = async (): Promise<{ run: Run; step: FinishedStep } | undefined> => {
      const run = world.ado.pipelines.takeNext();
      if (run === undefined) return undefined;
      const step = await work(run);
      world.ado.pipelines.finish(run);
      return { run, step };
    };
    const inGroup = (name: string): string | null | undefined =>
      world.ado.variables('Shop', 'shop-prod')[name]?.value;

    it('brings a changed secret into the group', async () => {
      const startMs = performance.now();
      world.infisical.setSecret(root, 'DB_PASSWORD', changed);
      await world.infisical.webhooks.deliver();
      const ran = await runNext();
      const seconds = ((performance.now() - startMs) / 1000).toFixed(1);

      assert.deepEqual([webhook.lastStatus, webhook.lastRunErrorMessage], ['success', null]);
      assert.deepEqual([ran?.run.reason, ran?.step.result], ['ResourceTrigger', 'Succeeded']);
      assert.equal(inGroup('DB_PASSWORD'), changed);
      console.log(
        `      ${seconds} s from the change to the group, ${way}; Infisical's own wait of about 2 s and the start of an agent come on top`,
      );
    });

    it('takes a deleted secret out of the group, and a new one in', async () => {
      world.infisical.deleteSecret(root, 'API_KEY');
      world.infisical.setSecret(root, 'NEW', changed);
      await world.infisical.webhooks.deliver();
      await runNext();

      assert.deepEqual(Object.keys(world.ado.variables('Shop', 'shop-prod')).sort(), ['DB_PASSWORD', 'NEW']);
    });

    it('starts no run for another folder, another environment, a failed rotation or the button Test', async () => {
      const { infisical } = world;
      const everywhere = {
        project: 'shop',
        secretPath: '/**',
        url: webhook.url,
        secretKey: webhook.secretKey,
      };
      const others = ['dev', 'prod'].map((environment) =>
        infisical.webhooks.add({ ...everywhere, environment }),
      );
      infisical.setSecret({ ...root, path: '/elsewhere' }, 'X', changed);
      infisical.setSecret({ project: 'shop', environment: 'dev' }, 'X', changed);
      await infisical.webhooks.deliver();
      await infisical.webhooks.rotationFailed(root, { rotationName: 'db', errorMessage: canary.old });
      await infisical.webhooks.test(webhook);

      assert.deepEqual(
        [...others, webhook].map(({ lastStatus }) => lastStatus),
        ['success', 'success', 'success'],
      );
      assert.equal(world.ado.pipelines.runs.length, 1);
    });

    it('makes one more run of twenty changes during a run, and the group has the last values', async () => {
      const { ado, infisical } = world;
      infisical.setSecret(root, 'COUNTER', 'canary-counter-first-Aa11');
      await infisical.webhooks.deliver();
      const first = ado.pipelines.takeNext();
      assert.ok(first !== undefined);
      await work(first);
      for (let change = 1; change <= 20; change += 1) {
        infisical.setSecret(root, 'COUNTER', `canary-counter-${change}-Bb22`);
        // As if Infisical did not wait: each change sends its own webhook.
        await infisical.webhooks.deliver();
        assert.equal(ado.pipelines.takeNext(), undefined);
      }
      const during = inGroup('COUNTER');
      ado.pipelines.finish(first);
      const last = await runNext();

      assert.deepEqual([during, last?.step.result], ['canary-counter-first-Aa11', 'Succeeded']);
      assert.equal(inGroup('COUNTER'), 'canary-counter-20-Bb22');
      assert.equal(ado.pipelines.takeNext(), undefined);
      assert.equal(ado.pipelines.runs.filter(({ state }) => state === 'canceled').length, 19);
    });

    it('makes one run of twenty changes that Infisical sends together', async () => {
      for (let change = 1; change <= 20; change += 1)
        world.infisical.setSecret(root, 'COUNTER', `canary-counter-${change}-Cc33`);
      await world.infisical.webhooks.deliver();
      await runNext();

      assert.equal(world.ado.pipelines.takeNext(), undefined);
      assert.equal(inGroup('COUNTER'), 'canary-counter-20-Cc33');
    });

    it('heals by its schedule what a lost webhook missed', async () => {
      world.infisical.setSecret(root, 'DB_PASSWORD', changed);
      world.ado.faults.add({ match: { path: /webhooks/ }, fault: { kind: 'reset' } });
      await world.infisical.webhooks.deliver();
      assert.equal(await runNext(), undefined);

      world.ado.pipelines.runSchedules();
      const ran = await runNext();

      assert.deepEqual([webhook.lastStatus, ran?.run.reason], ['failed', 'Schedule']);
      assert.equal(inGroup('DB_PASSWORD'), changed);
    });

    const forged = JSON.stringify({
      event: 'secrets.modified',
      project: { projectId, environment: 'prod', secretPath: '/', infisicalProject: 'theirs' },
    });
    it('lets a stranger who knows all names do no more than this', async () => {
      const before = world.ado.variables('Shop', 'shop-prod');

      const { status } = await fetch(hookUrl, { method: 'POST', body: forged });
      await runNext();

      assert.deepEqual([status, world.ado.pipelines.runs.length], way === 'direct' ? [200, 2] : [500, 1]);
      assert.deepEqual(world.ado.variables('Shop', 'shop-prod'), before);
    });

    if (way === 'relay') {
      it('lets nobody by the relay who has not its secret', async () => {
        const { status } = await fetch(webhook.url, { method: 'POST', body: forged });

        assert.deepEqual([status, world.ado.pipelines.runs.length], [401, 1]);
      });

      it('shows in Infisical that the secret of the relay is another', async () => {
        webhook.secretKey = 'another-secret-of-the-hook';

        await world.infisical.webhooks.test(webhook);

        assert.equal(webhook.lastRunErrorMessage, 'Request failed with status code 401');
      });

      it('shows in Infisical that Azure DevOps does not take what the relay signs', async () => {
        relay = (await relay?.stop(), await startRelayTo(hookUrl.replace(hookName, 'unknown-hook')));
        webhook.url = relay.url;

        await world.infisical.webhooks.test(webhook);

        assert.equal(webhook.lastRunErrorMessage, 'Request failed with status code 502');
      });
    }
  });
}
