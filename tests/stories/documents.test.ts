import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { startDemoWorld } from '../../scripts/demo/world.js';
import { MiniAgent } from '../../emulators/agent/mini-agent.js';
import { aWorld, canary, shippedTask, type World } from '../support/world.js';
import { pipelinesIn, stepsOf, yamlDocuments, yamlIn } from '../support/yaml-documents.js';
import { runPipeline, type Pipeline, type Ways } from '../support/yaml-run.js';

const ours = 'InfisicalSecretSync@1';

/** What only Azure has, or another organization: the editor looks at these, and no agent. */
const elsewhere = (text: string): boolean =>
  stepsOf(parse(text)).some(
    ({ task = ours, inputs = {} }) =>
      task !== ours || /^(?:entra|personalAccessToken)$/.test(String(inputs['azureDevOpsConnectionType'])),
  );

describe('the YAML of the documents', () => {
  let world: World;
  beforeEach(async () => {
    world = await aWorld();
    for (const path of ['/api', '/web', '/worker'])
      world.infisical.setSecret({ project: 'shop', environment: 'prod', path }, 'TOKEN', canary.plain);
    world.infisical.setSecret(
      { project: 'shop', environment: 'prod', path: '/api' },
      'DB_PASSWORD',
      canary.plain,
    );
    world.infisical.addSecretSync('shop', {
      name: 'web-shop-prod',
      environment: 'prod',
      isAutoSyncEnabled: false,
    });
  });
  afterEach(() => world.close());

  for (const document of ['README.md', 'overview.md']) {
    it(`shows each destination: ${document}`, () => {
      const shown = pipelinesIn(document)
        .flat()
        .flatMap(({ inputs }) => (inputs === undefined ? [] : [inputs['destination']]));

      assert.deepEqual(new Set(shown), new Set([undefined, 'pipelineVariables', 'pipelineDefinition']));
    });
  }

  for (const document of yamlDocuments()) {
    const runnable = yamlIn(document).filter((text) => !elsewhere(text));
    if (runnable.length === 0) continue;
    it(`runs as it stands there, one after the other: ${document} (${String(runnable.length)})`, async () => {
      // The page plans first, and has the reader sync before the group is used.
      if (document === 'overview.md') await world.sync({ secretPath: '/api' });
      let ran = 0;
      for (const text of runnable) {
        const finished = await runPipeline(parse(text) as Pipeline, {
          startJob: (variables) => world.job({ agent: { variables } }),
          groupNamed,
        });
        ran += finished.length;
      }

      assert.ok(ran >= runnable.length);
    });
  }

  const groupNamed: Ways['groupNamed'] = (name) => {
    const variables = Object.entries(world.ado.variables('Shop', name));
    return Object.fromEntries(
      variables.map(([key, { value, isSecret }]) => [key, { value: value ?? '', isSecret }]),
    );
  };

  for (const document of ['README.md', 'overview.md']) {
    it(`runs against the demo's services, as a newcomer tries it first: ${document}`, async () => {
      const { ado, infisical, agentOptions } = await startDemoWorld();
      try {
        for (const text of yamlIn(document).filter((block) => !elsewhere(block) && block.includes(ours))) {
          await runPipeline(parse(text) as Pipeline, {
            startJob: (variables) => new MiniAgent({ ...agentOptions, taskFolder: shippedTask, variables }),
            groupNamed,
          });
        }
      } finally {
        await Promise.all([ado.close(), infisical.close()]);
      }
    });
  }

  it('that is only looked at needs something that is not here', () => {
    const left = yamlDocuments().filter((document) => yamlIn(document).some(elsewhere));

    assert.deepEqual(left, [
      'docs/connections.md',
      'docs/publishing.md',
      'docs/recipes/from-azure-key-vault.md',
    ]);
  });

  it('puts nothing from outside into a pipeline before it runs', () => {
    assert.deepEqual(
      yamlDocuments()
        .flatMap(yamlIn)
        .filter((text) => /\$\{\{/.test(text)),
      [],
    );
  });
});
