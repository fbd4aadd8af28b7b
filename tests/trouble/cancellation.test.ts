import assert from 'node:assert/strict';
import type { PlannedFault } from '../../emulators/loopback/http-faults.js';
import type { FinishedStep } from '../../emulators/agent/mini-agent.js';
import { aWorld, type World } from '../support/world.js';

const groups = /variablegroups$/;
const oneGroup = /distributedtask\/variablegroups\/\d+$/;
const permissions = /pipelinepermissions/;

interface Cancelled {
  title: string;
  /** The step is cancelled when this request arrives. */
  at: { method: string; path: RegExp };
  fault?: Omit<PlannedFault, 'match'>;
  inputs?: Record<string, string>;
  /** The last thing that the task says. */
  says: RegExp;
  /** Whether the group is there afterwards. */
  isWritten: boolean;
  /** From the signal to the end. */
  withinMs: number;
}

const hang: PlannedFault['fault'] = { kind: 'hang' };
const stories: Cancelled[] = [
  {
    title: 'while it reads Infisical',
    at: { method: 'GET', path: /v4\/secrets$/ },
    fault: { fault: hang },
    says: /asked to stop while it read Infisical\. Nothing was written\.$/,
    isWritten: false,
    withinMs: 2_500,
  },
  {
    title: 'while it reads Azure DevOps',
    at: { method: 'GET', path: groups },
    fault: { fault: hang },
    // Both are read at once, and either may be the first to notice.
    says: /asked to stop while it read (?:Azure DevOps|Infisical)\. Nothing was written\.$/,
    isWritten: false,
    withinMs: 2_500,
  },
  {
    title: 'while it waits to read again',
    at: { method: 'GET', path: groups },
    fault: { fault: { kind: 'status', status: 429, headers: { 'Retry-After': '100' } } },
    says: /asked to stop (?:while it waited|while it read Infisical)\. Nothing was written\.$/,
    isWritten: false,
    withinMs: 2_500,
  },
  {
    title: 'while it waits to write again what was put off',
    at: { method: 'POST', path: groups },
    fault: { fault: { kind: 'status', status: 429, headers: { 'Retry-After': '100' } } },
    says: /asked to stop while it waited\. Nothing was written\.$/,
    isWritten: false,
    withinMs: 2_500,
  },
  {
    title: 'with a write in flight that is answered in time',
    at: { method: 'POST', path: groups },
    fault: { fault: { kind: 'delay', ms: 500 } },
    says: /asked to stop while it read Azure DevOps\. A write had begun, and it is not known whether it took effect\./,
    isWritten: true,
    withinMs: 3_000,
  },
  {
    title: 'with a write in flight that took effect and is never answered',
    at: { method: 'POST', path: groups },
    fault: { fault: hang, when: 'after' },
    says: /asked to stop while it wrote .*\. The write was cut off\. A write had begun, and it is not known whether it took effect\./,
    isWritten: true,
    withinMs: 7_500,
  },
  {
    title: 'with a write in flight that is never taken',
    at: { method: 'POST', path: groups },
    fault: { fault: hang },
    says: /\. The write was cut off\. A write had begun, and it is not known whether it took effect\./,
    isWritten: false,
    withinMs: 7_500,
  },
  {
    title: 'while it reads back what it wrote',
    at: { method: 'GET', path: oneGroup },
    fault: { fault: hang },
    says: /asked to stop while it read Azure DevOps\. A write had begun, and it is not known whether it took effect\./,
    isWritten: true,
    withinMs: 2_500,
  },
  {
    title: 'after the write, while it looks who may use the group',
    at: { method: 'GET', path: permissions },
    fault: { fault: hang },
    inputs: { authorizePipelines: 'thisPipeline' },
    says: /pipeline permissions of the variable group "shop-prod"\. It is not known whether they are set\. The destination was already written as planned\.$/,
    isWritten: true,
    withinMs: 2_500,
  },
];

describe('a step that is cancelled', () => {
  let world: World;
  beforeEach(async () => {
    world = await aWorld();
  });
  afterEach(() => world.close());

  const cancelled = async ({
    at,
    fault,
    inputs = {},
  }: Cancelled): Promise<FinishedStep & { afterMs: number }> => {
    const service = at.path.source.includes('v4') ? world.infisical : world.ado;
    let askedAt = 0;
    const cancelWhen = new Promise<void>((resolve) => {
      service.faults.addHook(at, () => {
        askedAt = performance.now();
        resolve();
      });
    });
    if (fault !== undefined) service.faults.add({ match: at, ...fault });
    const step = await world.sync(inputs, { step: { cancelWhen } });
    return { ...step, afterMs: performance.now() - askedAt };
  };

  for (const story of stories) {
    it(`says what was done: ${story.title}`, async () => {
      const step = await cancelled(story);

      assert.deepEqual([step.result, step.exitCode, step.signal], ['Canceled', 0, null]);
      // The agent's own words come first and last, in between what the task still says.
      const [, last, ...more] = step.issues.map(({ message }) => message);
      assert.match(last ?? '', story.says);
      assert.deepEqual(more, ['The operation was canceled.']);
      assert.deepEqual(
        step.commands.flatMap(({ event, properties }) => (event === 'complete' ? properties['result'] : [])),
        ['Failed'],
      );
      assert.equal(world.ado.group('Shop', 'shop-prod') !== undefined, story.isWritten);
      assert.ok(step.afterMs < story.withinMs, `ended after ${step.afterMs.toFixed()} ms`);

      world.ado.faults.clear();
      world.infisical.faults.clear();
      assert.equal((await world.sync(story.inputs)).result, 'Succeeded');
    });
  }

  it('is not cut off by an impatient agent before it has said what was done', async () => {
    const at = { method: 'GET', path: groups };
    world.ado.faults.add({ match: at, fault: hang });
    const cancelWhen = new Promise<void>((resolve) => {
      world.ado.before(at, resolve);
    });

    const step = await world.sync(
      {},
      {
        step: { cancelWhen },
        agent: { variables: { PROCESS_SIGINT_TIMEOUT: '1', PROCESS_SIGTERM_TIMEOUT: '2000' } },
      },
    );

    assert.deepEqual([step.result, step.signal], ['Canceled', null]);
    assert.match(step.issues[1]?.message ?? '', /Nothing was written\.$/);
  });
});
