import assert from 'node:assert/strict';
import { LoopbackServer, type Received } from '../../emulators/loopback/loopback-server.js';
import { isThorough } from '../support/thorough.js';
import { aWorld, canary, shop, type World } from '../support/world.js';
import { runInProcess, type RequestTrouble } from './in-process.js';
import { isPolite } from './politeness.js';
import { comparable, endings, holdsPromises, type Expected } from './promises.js';
import { scenarios, type Scenario, type Step } from './scenarios.js';
import { Tally } from './tally.js';
import { matters, troubles, type Trouble } from './troubles.js';

interface Cell {
  step: Step;
  trouble: Trouble;
  /** Or only once. */
  lasts: boolean;
}

/** A true answer that follows must not be given up, however busy the machine is. */
const impatientMs = { once: 200, lasting: 25 };

const columns = ['tried', ...endings, 'healed by the next run'] as const;

/** Secrets of all kinds: of many lines, plain, and more of them than any run sends requests. */
async function aFullWorld(scenario: Scenario): Promise<World> {
  // Each write has a time of its own; within one step of 1/300 s no client could tell them apart.
  let time = Date.UTC(2026, 10, 24);
  const world = await aWorld({ now: () => (time += 10) });
  const prod = { project: 'shop', environment: 'prod' };
  world.infisical.setSecret(prod, 'TLS_KEY', canary.key);
  world.infisical.setSecret(prod, 'PUBLIC', canary.plain, { tags: ['plain'] });
  for (let i = 0; i < 20; i += 1) world.infisical.setSecret(prod, `MORE_${i}`, `more-value-${i}`);
  scenario.prepare(world);
  return world;
}

/** Every trouble with every request; the short form has each trouble once for each destination. */
function cellsOf(steps: readonly Step[]): Cell[] {
  const all = troubles('http://elsewhere').flatMap((trouble) =>
    steps.filter(({ method }) => matters(trouble, method)).map((step) => ({ step, trouble })),
  );
  const both = all.flatMap((cell) => [false, true].map((lasts) => ({ ...cell, lasts })));
  return isThorough ? both : both.filter((_, index) => index % 13 === 0);
}

function plant(world: World, { step, trouble, lasts }: Cell, otherHost: string): RequestTrouble {
  const { fault } = troubles(otherHost).find(({ name }) => name === trouble.name) ?? trouble;
  const { service, method, path, nth = 1 } = step;
  const { faults } = service === 'Infisical' ? world.infisical : world.ado;
  const times = lasts ? Number.POSITIVE_INFINITY : 1;
  if (fault !== undefined) faults.add({ match: { method, path }, times, skip: nth - 1, ...fault });
  const hangs = trouble.fault?.fault.kind === 'hang';
  let seen = 0;
  return {
    matches: (asked, at) => {
      if (asked !== method || !path.test(at)) return false;
      seen += 1;
      // Of two lists that are asked for at once, the second may arrive first, and be the one that gets no answer.
      const mayHang = hangs && !lasts && method === 'GET';
      return mayHang || seen === nth || (lasts && seen > nth);
    },
    to: trouble.misdirected,
    timeoutMs: hangs ? impatientMs[lasts ? 'lasting' : 'once'] : undefined,
  };
}

/** What a run without trouble does: the truth that every other run is held against. */
async function withoutTrouble(scenario: Scenario): Promise<Expected & { asked: string[] }> {
  const world = await aFullWorld(scenario);
  try {
    const [before, foreign] = [scenario.look(world), scenario.foreign(world)];
    const ran = await runInProcess(world, scenario.inputs);
    assert.deepEqual([ran.result, ran.errors, scenario.foreign(world)], ['Succeeded', [], foreign]);
    return {
      before,
      foreign,
      outputs: comparable(ran.outputs),
      variables: ran.variables,
      planned: scenario.look(world),
      asked: namesOf(scenario.steps, world),
    };
  } finally {
    await world.close();
  }
}

/** The requests by the names of the steps, service by service; one that no step foresees keeps its path. */
function namesOf(steps: readonly Step[], { infisical, ado }: World): string[] {
  return [...infisical.requests, ...ado.requests].map((request, index, all) => {
    const isSame = ({ method, path }: Received): boolean =>
      method === request.method && path === request.path;
    const nth = all.slice(0, index + 1).filter(isSame).length;
    const step = steps.find(
      (candidate) =>
        candidate.method === request.method &&
        candidate.path.test(request.path) &&
        (candidate.nth ?? 1) === nth,
    );
    return step?.name ?? `${request.method} ${request.path}`;
  });
}

/** The same run again, with nothing in its way. */
async function nextRunHeals(scenario: Scenario, { world, expected }: { world: World; expected: Expected }) {
  world.ado.faults.clear();
  world.infisical.faults.clear();
  const again = await runInProcess(world, scenario.inputs);
  assert.deepEqual([again.errors, again.warnings, again.result], [[], [], 'Succeeded'], '2: fails again');
  assert.deepEqual(scenario.look(world), expected.planned, '2: not as planned after the next run');
  assert.deepEqual(again.variables, expected.variables, '2: the variables of the run');
  assert.deepEqual(scenario.foreign(world), expected.foreign, '2: what is not ours has changed');
  assert.ok(scenario.mayUse?.(world) ?? true, '2: pipelines may not use the group');
  const groups = world.ado.groupNames(scenario.inputs['azureDevOpsProject'] ?? shop.name);
  assert.ok(groups.filter((name) => name.includes('shop-prod')).length <= 1, '2: a second group');
}

describe('the fault matrix', () => {
  const tally = new Tally(columns);
  /** Where redirects lead. */
  let other: LoopbackServer;
  before(async () => {
    other = await LoopbackServer.start(() => ({ status: 200, body: '{}' }));
  });
  after(async () => {
    await other.close();
    console.log('');
    tally.print(isThorough ? 'faults, all of them' : 'faults, a part of them');
  });

  for (const scenario of scenarios) {
    describe(scenario.name, () => {
      let expected: Awaited<ReturnType<typeof withoutTrouble>>;
      let world: World;
      before(async () => {
        expected = await withoutTrouble(scenario);
      });

      it('sends the requests that are tried here, and no request for each secret', () => {
        assert.deepEqual(
          expected.asked,
          scenario.steps.map(({ name }) => name),
        );
      });

      for (const cell of cellsOf(scenario.steps)) {
        const { step, trouble, lasts } = cell;
        it(`holds its promises: ${trouble.name} at ${step.name}${lasts ? ', lasting' : ''}`, async () => {
          world = await aFullWorld(scenario);
          try {
            const ran = await runInProcess(world, scenario.inputs, plant(world, cell, other.origin));
            const ending = holdsPromises(ran, { scenario, world, expected });
            isPolite(ran, world);
            await nextRunHeals(scenario, { world, expected });
            assert.deepEqual(other.requests, [], '4: a redirect was followed');

            for (const column of ['tried', ending, 'healed by the next run'] as const)
              tally.add(trouble.name, column);
          } finally {
            await world.close();
          }
        });
      }
    });
  }
});
