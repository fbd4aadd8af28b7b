import assert from 'node:assert/strict';
import type { PlannedFault } from '../../emulators/loopback/http-faults.js';
import type { FinishedStep } from '../../emulators/agent/mini-agent.js';
import { aWorld, canary, type World } from '../support/world.js';

const prod = { project: 'shop', environment: 'prod' };
const group = /variablegroups\/\d+$/;
const groups = /variablegroups$/;

describe('trouble on the way', () => {
  let world: World;
  beforeEach(async () => {
    world = await aWorld();
  });
  afterEach(() => world.close());

  const names = (): string[] => Object.keys(world.ado.variables('Shop', 'shop-prod'));
  const byHand = (name: string): void => {
    world.ado.editGroup('Shop', 'shop-prod', ({ variables }) => {
      variables.set(name, { value: canary.old, isSecret: true, isReadOnly: false, extra: {} });
    });
  };

  it('heals an edit by hand between the write and the read-back, and says that it was contested', async () => {
    await world.sync({ keySchema: '{{secretKey}}_X' });
    world.infisical.setSecret(prod, 'API_KEY', 'another');
    world.ado.before({ method: 'GET', path: group }, () => {
      world.ado.before({ method: 'GET', path: group }, () => {
        byHand('THEIRS');
      });
    });

    const step = await world.sync({ keySchema: '{{secretKey}}_X' });

    assert.equal(step.result, 'SucceededWithIssues');
    assert.match(step.issues[0]?.message ?? '', /Somebody else wrote to the destination at the same time/);
    assert.deepEqual(names(), ['API_KEY_X', 'DB_PASSWORD_X', 'THEIRS']);
  });

  it('does not take a read that lags for a rival', async () => {
    await world.sync();
    world.infisical.setSecret(prod, 'NEW', 'x');
    world.ado.before({ method: 'PUT', path: group }, () => {
      world.ado.lagReads(2);
    });

    const step = await world.sync();

    assert.equal(step.result, 'Succeeded');
    assert.deepEqual(names(), ['API_KEY', 'DB_PASSWORD', 'NEW']);
    assert.equal(world.ado.requests.filter(({ method }) => method === 'PUT').length, 1);
  });

  it('does not take a new group that does not show yet for one that a rival deleted', async () => {
    world.ado.before({ method: 'POST', path: groups }, () => {
      world.ado.lagReads(3);
    });

    const step = await world.sync();

    assert.equal(step.result, 'Succeeded');
    assert.deepEqual(names(), ['API_KEY', 'DB_PASSWORD']);
    assert.equal(world.ado.requests.filter(({ method }) => method === 'POST' || method === 'PUT').length, 1);
  });

  const faults: [title: string, planned: PlannedFault][] = [
    [
      'the answer to the creation is lost',
      { match: { method: 'POST', path: groups }, when: 'after', fault: { kind: 'reset' } },
    ],
    [
      'the creation is refused for now',
      { match: { method: 'POST', path: groups }, fault: { kind: 'status', status: 503 } },
    ],
    ['the list is cut short', { match: { method: 'GET', path: groups }, fault: { kind: 'truncate' } }],
    [
      'the list is refused for now',
      { match: { method: 'GET', path: groups }, times: 2, fault: { kind: 'html', status: 503 } },
    ],
    ['the read-back is reset', { match: { method: 'GET', path: group }, fault: { kind: 'reset' } }],
    [
      'Azure DevOps asks for a pause',
      {
        match: { method: 'POST', path: groups },
        fault: { kind: 'status', status: 429, headers: { 'Retry-After': '1' } },
      },
    ],
  ];
  for (const [title, planned] of faults) {
    it(`ends as planned, with one group: ${title}`, async () => {
      world.ado.faults.add(planned);

      const step = await world.sync();

      assert.equal(step.result, 'Succeeded');
      assert.equal(step.outputs['createdCount'], '2');
      assert.deepEqual(names(), ['API_KEY', 'DB_PASSWORD']);
    });
  }

  it('writes again after reading when the answer to an update is lost', async () => {
    await world.sync();
    world.infisical.setSecret(prod, 'API_KEY', 'another');
    world.ado.faults.add({ match: { method: 'PUT', path: group }, when: 'after', fault: { kind: 'reset' } });

    const step = await world.sync();

    assert.equal(step.result, 'Succeeded');
    const calls = world.ado.requests.map(({ method }) => method);
    assert.deepEqual(calls.slice(calls.indexOf('PUT')), ['PUT', 'GET', 'GET', 'PUT', 'GET']);
  });

  it('retries Infisical where that is safe', async () => {
    world.infisical.faults.add({ match: { path: /v4\/secrets/ }, fault: { kind: 'status', status: 502 } });
    world.infisical.faults.add({ match: { path: /login/ }, when: 'after', fault: { kind: 'reset' } });

    assert.equal((await world.sync()).result, 'Succeeded');
  });

  it('says that the write is not known to have taken effect when it can’t be verified', async () => {
    world.ado.faults.add({
      match: { method: 'GET', path: group },
      times: 9,
      fault: { kind: 'status', status: 500 },
    });

    const step = await world.sync();

    assert.equal(step.result, 'Failed');
    assert.match(
      step.issues[0]?.message ?? '',
      /internal error.*A write had begun, and it is not known whether it took effect/,
    );
  });

  it('looks whether pipelines may use the group when the answer to that was lost', async () => {
    const permissions = /pipelinepermissions/;
    world.ado.faults.add({
      match: { method: 'PATCH', path: permissions },
      when: 'after',
      fault: { kind: 'status', status: 500 },
    });

    const step = await world.sync({ authorizePipelines: 'thisPipeline' });

    assert.deepEqual([step.result, step.issues], ['Succeeded', []]);
    assert.deepEqual(world.ado.authorizedPipelines('Shop', 'shop-prod').pipelines, [world.pipelineId]);
  });

  it('takes a sign-in page for what it is', async () => {
    world.ado.faults.add({ match: { path: groups }, fault: { kind: 'html', status: 203 } });

    const step = await world.sync();

    assert.match(step.issues[0]?.message ?? '', /did not accept the job’s token/);
  });

  it('says both when both services refuse', async () => {
    world.build.bearer = 'another';

    const step = await world.sync({ infisicalProject: 'nope' });

    assert.match(step.issues[0]?.message ?? '', /has no project "nope".*\n.*did not accept the job’s token/);
  });

  it('lets no name of a secret act on the agent, the summary or the log', async () => {
    world.infisical.setSecret(prod, '##vso[task.complete]', 'x');
    world.infisical.setSecret(prod, '<img>|`', 'x');

    const step = await world.sync({ action: 'plan' });

    assert.equal(step.result, 'Succeeded');
    assert.equal(step.commands.filter(({ event }) => event === 'complete').length, 1);
    assert.doesNotMatch(step.summaries[0]?.content ?? '', /<img|##vso\[/);
  });
});

describe('a step that is asked to stop', () => {
  let world: World;
  beforeEach(async () => {
    world = await aWorld();
  });
  afterEach(() => world.close());

  /** The agent's own error comes first, and then what the task still says. */
  const lastWord = (step: FinishedStep): string => step.issues[1]?.message ?? '';
  const whenAsked = (path: RegExp, method = 'GET'): Promise<void> =>
    new Promise((resolve) => {
      world.ado.before({ method, path }, resolve);
    });

  it('ends while it reads, and has changed nothing', async () => {
    world.ado.faults.add({ match: { method: 'GET', path: groups }, fault: { kind: 'hang' } });

    const step = await world.sync({}, { step: { cancelWhen: whenAsked(groups) } });

    assert.deepEqual([step.result, step.exitCode], ['Canceled', 0]);
    assert.match(
      lastWord(step),
      /asked to stop while it read (?:Infisical|Azure DevOps)\. Nothing was written\./,
    );
    assert.equal(world.ado.group('Shop', 'shop-prod'), undefined);
  });

  it('ends while it waits for another try', async () => {
    world.ado.faults.add({
      match: { method: 'GET', path: groups },
      times: 5,
      fault: { kind: 'status', status: 429, headers: { 'Retry-After': '100' } },
    });

    const step = await world.sync({}, { step: { cancelWhen: whenAsked(groups) } });

    assert.equal(step.result, 'Canceled');
    assert.match(lastWord(step), /asked to stop/);
    assert.ok(step.durationMs < 7_500);
  });

  it('lets a write in flight end and says that it is not known whether it is as planned', async () => {
    world.ado.faults.add({ match: { method: 'POST', path: groups }, fault: { kind: 'delay', ms: 300 } });

    const step = await world.sync({}, { step: { cancelWhen: whenAsked(groups, 'POST') } });

    assert.equal(step.result, 'Canceled');
    assert.match(lastWord(step), /A write had begun/);
    assert.equal(Object.keys(world.ado.variables('Shop', 'shop-prod')).length, 2);
    assert.deepEqual(
      world.infisical.tokens.map(({ revoked }) => revoked),
      [true],
    );
  });
});
