import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { parse } from 'yaml';
import { aWorld, canary, type World } from '../support/world.js';
import { pipelinesIn, runOn, yamlIn } from '../support/yaml-documents.js';

const pages = ['README.md', 'overview.md'];
const recipes = [
  ...readdirSync('docs/recipes').map((name) => `docs/recipes/${name}`),
  ...readdirSync('recipes').map((name) => `recipes/${name}/README.md`),
];

describe('the YAML of the documents', () => {
  let world: World;
  beforeEach(async () => {
    world = await aWorld();
    world.infisical.setSecret({ project: 'shop', environment: 'prod', path: '/api' }, 'TOKEN', canary.plain);
  });
  afterEach(() => world.close());

  for (const document of pages) {
    it(`shows each destination: ${document}`, () => {
      const shown = pipelinesIn(document)
        .flat()
        .flatMap(({ inputs }) => (inputs === undefined ? [] : [inputs['destination']]));

      assert.deepEqual(new Set(shown), new Set([undefined, 'pipelineVariables', 'pipelineDefinition']));
    });
  }

  for (const document of [...pages, ...recipes]) {
    for (const [index, steps] of pipelinesIn(document).entries()) {
      it(`runs as it stands there: ${document}, no. ${String(index + 1)}`, async () => {
        const job = world.job();
        try {
          for (const step of steps) assert.equal((await runOn(job, step)).result, 'Succeeded');
        } finally {
          job.dispose();
        }
      });
    }
  }
});

describe('the YAML of the recipes', () => {
  it('can be read', () => {
    const texts = recipes.flatMap(yamlIn);

    assert.ok(texts.length > 0);
    for (const text of texts) assert.equal(typeof parse(text), 'object');
  });

  it('puts nothing from outside into a pipeline before it runs', () => {
    assert.deepEqual(
      recipes.flatMap(yamlIn).filter((text) => /\$\{\{|\$\[/.test(text)),
      [],
    );
  });
});
