import assert from 'node:assert/strict';
import type { FinishedStep } from '../../emulators/agent/mini-agent.js';
import { isThorough } from '../support/thorough.js';
import { aWorld, type World } from '../support/world.js';

const many = isThorough ? 5_000 : 1_000;
const prod = { project: 'shop', environment: 'prod' };

/** Enough for any group that people make, and far from what the agent or a browser can't show. */
const longestLog = 2_000_000;
const longestSummary = 100_000;

describe('long input', () => {
  let world: World;
  beforeEach(async () => {
    world = await aWorld();
    world.ado.switches.valueLimit = undefined;
  });
  afterEach(() => world.close());

  const fill = (count: number, value: (index: number) => string, path = '/'): void => {
    for (let index = 0; index < count; index += 1)
      world.infisical.setSecret({ ...prod, path }, `S${String(index).padStart(5, '0')}`, value(index));
  };
  const requests = (): number => world.ado.requests.length + world.infisical.requests.length;
  const saved = (): Record<string, { value: string | null }> => world.ado.variables('Shop', 'shop-prod');
  const measured = (what: string, step: FinishedStep): void => {
    console.log(
      `      ${what}: ${step.result}, ${(step.durationMs / 1000).toFixed(1)} s, ${String(requests())} requests, log ${String(step.log.length)} characters, summary ${String(step.summaries[0]?.content.length ?? 0)}`,
    );
    assert.ok(step.log.length < longestLog);
    assert.ok((step.summaries[0]?.content.length ?? 0) < longestSummary);
    assert.ok(requests() < 30);
  };

  it(`of ${String(many)} secrets arrives in a group, with no request for each`, async () => {
    fill(many, (index) => `value ${String(index)}`);

    const step = await world.sync();

    measured(`${String(many)} secrets to a group`, step);
    assert.equal(step.result, 'Succeeded');
    assert.equal(Object.keys(saved()).length, many + 2);
    assert.equal(saved()[`S${String(many - 1).padStart(5, '0')}`]?.value, `value ${String(many - 1)}`);
  });

  it(`of ${String(many)} secrets arrives in a pipeline`, async () => {
    fill(many, (index) => `value ${String(index)}`);

    const step = await world.sync({ destination: 'pipelineDefinition', variableGroup: '' });

    measured(`${String(many)} secrets to a pipeline`, step);
    assert.equal(step.result, 'Succeeded');
    const { variables = {} } = world.ado.definitions.get(world.pipelineId) ?? {};
    assert.equal(Object.keys(variables).length, many + 2);
  });

  it('of one megabyte of values arrives in a group', async () => {
    fill(32, (index) => String(index % 10).repeat(32_768));

    const step = await world.sync();

    measured('1 MB of values to a group', step);
    assert.equal(step.result, 'Succeeded');
    assert.equal(saved()['S00031']?.value, '1'.repeat(32_768));
  });

  it('of nearly one megabyte becomes run variables, and of more is refused with the numbers', async () => {
    const toRun = { destination: 'pipelineVariables', variableGroup: '' };
    fill(31, (index) => String(index % 10).repeat(32_766));
    const step = await world.sync(toRun);
    measured('1 MB of values to a run', step);
    assert.deepEqual([step.result, step.outputs['createdCount']], ['Succeeded', '33']);
    fill(40, (index) => String(index % 10).repeat(32_766));
    world.infisical.setSecret(prod, 'LONG', 'x'.repeat(32_767));

    const refused = await world.sync(toRun);

    measured('too much for a run', refused);
    assert.equal(refused.result, 'Failed');
    assert.match(refused.issues[0]?.message ?? '', /"LONG": the value has 32767 characters/);
    assert.match(
      refused.issues[0]?.message ?? '',
      /all 43 values and their names together take 1344445 bytes; at most 1048576/,
    );
    assert.equal(refused.commands.filter(({ properties }) => properties['issecret'] !== undefined).length, 0);
  });

  it('of twenty folders, one in the other, is read by one list, and one without values', async () => {
    const path = (depth: number): string =>
      `/${Array.from({ length: depth }, (_, index) => `folder-${String(index)}`).join('/')}`;
    for (let depth = 1; depth <= 20; depth += 1)
      world.infisical.setSecret({ ...prod, path: path(depth) }, `DEPTH_${String(depth)}`, 'deep value');

    const step = await world.sync({ recursive: 'true' });

    measured('20 folders deep', step);
    assert.equal(step.result, 'Succeeded');
    assert.equal(Object.keys(saved()).length, 22);
    assert.equal(world.infisical.requests.filter(({ path: asked }) => asked.endsWith('/secrets')).length, 2);
  });

  it('of 1,000 imported rows is merged, and the last import wins', async () => {
    for (const path of ['/one', '/two']) fill(500, () => `from ${path}`, path);
    for (const path of ['/one', '/two']) world.infisical.addImport(prod, { environment: 'prod', path });

    const step = await world.sync();

    measured('1,000 imported rows', step);
    assert.equal(step.result, 'Succeeded');
    assert.deepEqual([Object.keys(saved()).length, saved()['S00499']?.value], [502, 'from /two']);
  });

  it('of a name arrives whole, and is shown in part', async () => {
    const name = `LONG_${'N'.repeat(5_000)}`;
    world.infisical.setSecret(prod, name, 'x');

    const step = await world.sync();

    measured('a name of 5,005 characters', step);
    assert.equal(step.result, 'Succeeded');
    assert.ok(name in saved());
    assert.ok(!step.log.includes(name) && step.log.includes(`${name.slice(0, 200)}…`));
  });

  it('of names that can’t be written is listed in part, with how many more', async () => {
    for (let index = 0; index < 1_000; index += 1) world.infisical.setSecret(prod, `$${String(index)}`, 'x');

    const step = await world.sync();

    measured('1,000 bad names', step);
    assert.equal(step.result, 'Failed');
    assert.match(step.issues[0]?.message ?? '', /^- and 800 more$/m);
  });
});
