import assert from 'node:assert/strict';
import { isThorough } from '../support/thorough.js';
import { aWorld, type World } from '../support/world.js';
import {
  definitionUpdate,
  groupCreate,
  groupRemoval,
  groupWithDeletion,
  partRemoval,
  type Scenario,
  type Step,
} from './scenarios.js';
import { Tally } from './tally.js';

interface Crash {
  step: Step;
  signal: 'SIGKILL' | 'SIGTERM';
  /** Whether the service has acted on the request by then; its answer is lost in both cases. */
  when: 'before' | 'after';
}

const columns = ['killed', 'left as before', 'left as planned', 'as planned after the next run'] as const;

const usual = [groupCreate, groupWithDeletion, definitionUpdate];
const swept = isThorough ? [...usual, groupRemoval, partRemoval] : usual;

/** The short form kills only around the write, where something could be lost. */
function crashesOf({ steps }: Scenario): Crash[] {
  const isWrite = ({ service, method }: Step): boolean => service === 'Azure DevOps' && method !== 'GET';
  const tried = isThorough ? steps : steps.filter((step) => isWrite(step) && step.name !== 'allow');
  return tried.flatMap((step) =>
    (['SIGKILL', 'SIGTERM'] as const).flatMap((signal) =>
      (step.method === 'GET' ? (['before'] as const) : (['before', 'after'] as const)).map((when) => ({
        step,
        signal,
        when,
      })),
    ),
  );
}

/** Runs the shipped task and kills it when the request of the step has arrived. */
async function killedAt(world: World, { inputs }: Scenario, { step, signal, when }: Crash): Promise<string> {
  const { faults } = step.service === 'Infisical' ? world.infisical : world.ado;
  const { method, path, nth = 1 } = step;
  const job = world.job();
  let seen = 0;
  faults.addHook({ method, path, times: nth }, () => {
    seen += 1;
    if (seen === nth) job.kill(signal);
  });
  faults.add({ match: { method, path }, skip: nth - 1, when, fault: { kind: 'reset' } });
  try {
    const ran = await job.runStep({ name: 'sync', inputs });
    assert.equal(seen, nth, 'the request never came, so nothing was killed');
    return ran.signal ?? ran.result;
  } finally {
    job.dispose();
    faults.clear();
  }
}

async function plannedFor(scenario: Scenario): Promise<unknown> {
  const world = await aWorld();
  try {
    scenario.prepare(world);
    assert.equal((await world.sync(scenario.inputs)).result, 'Succeeded');
    return scenario.look(world);
  } finally {
    await world.close();
  }
}

describe('the crash sweep', () => {
  const tally = new Tally(columns);
  after(() => {
    console.log('');
    tally.print(isThorough ? 'crashes at every request' : 'crashes around the write');
  });

  for (const scenario of swept) {
    describe(scenario.name, () => {
      let planned: unknown;
      before(async () => {
        planned = await plannedFor(scenario);
      });

      for (const crash of crashesOf(scenario)) {
        const { step, signal, when } = crash;
        const place = `${when} the service acts on ${step.name}`;
        it(`ends as planned when it is run again: ${signal} ${place}`, async () => {
          const world = await aWorld();
          try {
            scenario.prepare(world);
            const [before, foreign] = [scenario.look(world), scenario.foreign(world)];

            const end = await killedAt(world, scenario, crash);
            // SIGTERM is the agent's way of asking, so the task ends by itself and says how.
            assert.match(end, signal === 'SIGKILL' ? /^SIGKILL$/ : /^(?:Failed|Succeeded)/);
            const left = scenario.look(world);
            const isBefore = JSON.stringify(left) === JSON.stringify(before);
            if (!isBefore) assert.deepEqual(left, planned);
            assert.deepEqual(scenario.foreign(world), foreign);
            const again = await world.sync(scenario.inputs);

            assert.deepEqual([again.result, again.issues], ['Succeeded', []]);
            assert.deepEqual(scenario.look(world), planned);
            assert.deepEqual(scenario.foreign(world), foreign);
            const groups = world.ado.groupNames(scenario.inputs['azureDevOpsProject'] ?? 'Shop');
            assert.ok(groups.filter((name) => name === 'shop-prod').length <= 1);
            for (const column of [
              'killed',
              isBefore ? 'left as before' : 'left as planned',
              'as planned after the next run',
            ] as const)
              tally.add(`${scenario.name}, ${signal}`, column);
          } finally {
            await world.close();
          }
        });
      }
    });
  }
});
