import assert from 'node:assert/strict';
import { parse } from 'yaml';
import type { FinishedStep } from '../../emulators/agent/mini-agent.js';
import { aWorld, canary, type World } from '../support/world.js';
import { yamlIn } from '../support/yaml-documents.js';
import { runPipeline, type Pipeline } from '../support/yaml-run.js';

/** Follows overview.md with OIDC Auth from nothing to an approved sync, as far as emulators can. */

const pages = yamlIn('overview.md').map((text) => parse(text) as Pipeline);
const [firstPlan, , approval] = pages;
const folder = { project: 'shop', environment: 'prod', path: '/api' };

let world: World;
beforeEach(async () => {
  world = await aWorld();
  world.infisical.setSecret(folder, 'DB_PASSWORD', canary.database);
  world.infisical.setSecret(folder, 'SECRET_SYNC_RECORD_KEY', 'canary-record-key-0123456789abcdef');
});
afterEach(() => world.close());

/** @param beforeJob is called before each job, with its number */
async function run(
  pipeline: Pipeline | undefined,
  beforeJob: (job: number) => void = () => undefined,
): Promise<FinishedStep[]> {
  let jobs = 0;
  assert.ok(pipeline);
  return runPipeline(pipeline, {
    startJob: (variables) => {
      jobs += 1;
      beforeJob(jobs);
      return world.job({ auth: 'oidc', agent: { variables } });
    },
    groupNamed: () => ({}),
  });
}

const withoutPlan = (pipeline: Pipeline | undefined): Pipeline => {
  const copy = structuredClone(pipeline ?? {});
  for (const { inputs } of copy.steps ?? []) delete inputs?.['action'];
  return copy;
};
const namesInGroup = (): string[] => Object.keys(world.ado.variables('Shop', 'shop-prod'));

describe('the Marketplace page', () => {
  it('is right that the placeholders let nobody in, and that the refusal ends with the four lines', async () => {
    const address = 'https://login.microsoftonline.com/common/v2.0';
    // The emulator asks no address beyond this machine: to it, these keys can't be reached.
    world.machine.oidcAuth = {
      discoveryUrl: address,
      boundIssuer: address,
      boundSubject: 'later',
      boundAudiences: 'later',
    };

    await assert.rejects(
      run(firstPlan),
      /OIDC Discovery URL: \S+[^]*Issuer: \S+[^]*Subject: sc:\S+[^]*Audiences: api:\S+/,
    );
  });

  it('is right that the first plan needs no role in the Library, and that the sync needs Creator', async () => {
    world.build.library = 'none';

    await run(firstPlan);
    await assert.rejects(run(withoutPlan(firstPlan)), /Creator/);
    world.build.library = 'creator';
    await run(withoutPlan(firstPlan));

    assert.deepEqual(namesInGroup(), ['DB_PASSWORD']);
  });

  it('is right that the sync does what was approved', async () => {
    const [, synced] = await run(approval);

    assert.equal(synced?.outputs['syncStatus'], 'synced');
    assert.deepEqual(namesInGroup(), ['DB_PASSWORD']);
  });

  it('is right that a value that changed after the plan is not written', async () => {
    await run(withoutPlan(firstPlan));
    world.infisical.setSecret(folder, 'NEW', canary.plain);
    const changeInBetween = (job: number): void => {
      if (job === 2) world.infisical.setSecret(folder, 'NEW', canary.old);
    };

    await assert.rejects(run(approval, changeInBetween), /approved[^]*NEW/);
    assert.deepEqual(namesInGroup(), ['DB_PASSWORD']);
  });

  for (const [recipe, index] of [
    ['approval', 2],
    ['auto-sync', 3],
  ] as const) {
    it(`has the pipeline of the recipe, with another folder and without remarks: ${recipe}`, () => {
      const [text = ''] = yamlIn(`docs/recipes/${recipe}.md`);

      assert.deepEqual(withFolder(pages[index]), withFolder(parse(text)));
    });
  }
});

/** A pipeline with every path replaced by one, and without the names that people see. */
function withFolder(pipeline: unknown): unknown {
  return JSON.parse(
    JSON.stringify(pipeline, (key, value: unknown) => {
      if (key === 'displayName') return undefined;
      if (key === 'inputs') return { ...(value as object), secretPath: '/api' };
      if (key === 'filters')
        return (value as { path: string; value: string }[]).map((filter) =>
          filter.path === 'project.secretPath' ? { ...filter, value: '/api' } : filter,
        );
      return value;
    }),
  );
}
