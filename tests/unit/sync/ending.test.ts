import assert from 'node:assert/strict';
import { SyncError } from '#task/domain/errors.js';
import { countChanges, type Report } from '#task/domain/report.js';
import { conclude } from '#task/sync/conclude.js';
import { finishedReport, outcomeLine, skippedReport } from '#task/sync/report.js';
import { aConfig, wanted } from '../../support/builders.js';
import { MemoryHost } from '../../support/in-process.js';

const place = { kind: 'variableGroup', project: 'Shop', name: 'web', id: 7 } as const;
const created = [{ kind: 'create', name: 'A', because: 'new', to: wanted('A') } as const];
const converged = { changes: created, wrote: true, contested: false, notices: [], existed: true };
const found = { converged, warnings: [], notices: [], usage: [], verdict: undefined };

function aReport(rest: Partial<Report> = {}): Report {
  return { ...finishedReport(aConfig(), place, found), ...rest };
}

async function ended(work: () => Promise<Report>, host = new MemoryHost()): Promise<MemoryHost> {
  await conclude(host, work);
  return host;
}

const last = ({ said }: MemoryHost): string | undefined => said.at(-1);

describe('a step that went to its end', () => {
  it('hands over its outputs, its report and its summary', async () => {
    const { outputs, files, said } = await ended(() =>
      Promise.resolve(aReport({ planDigest: '1.a', notices: ['one'], warnings: [] })),
    );

    assert.deepEqual(outputs, {
      syncStatus: 'synced',
      hasChanges: 'true',
      createdCount: '1',
      updatedCount: '0',
      rewrittenCount: '0',
      deletedCount: '0',
      keptCount: '0',
      variableGroupId: '7',
      planDigest: '1.a',
      reportFile: '/files/report.json',
    });
    assert.deepEqual(Object.keys(files), ['report.json', 'Infisical sync shop-prod.md']);
    assert.deepEqual(said, [
      'summary /files/Infisical sync shop-prod.md',
      'progress 100',
      'complete Succeeded',
    ]);
  });

  for (const [title, destination] of [
    ['has no group', { kind: 'pipelineVariables' }],
    ['has a group that is not there yet', { kind: 'variableGroup', project: 'Shop', name: 'web' }],
    ['wrote to a pipeline', { kind: 'pipelineDefinition', project: 'Shop', name: 'nightly', id: 3 }],
  ] as const) {
    it(`gives no ID of a group where it ${title}, and no digest where it has none`, async () => {
      const { outputs } = await ended(() => Promise.resolve(aReport({ destination })));

      assert.deepEqual([outputs['variableGroupId'], outputs['planDigest']], ['', '']);
    });
  }

  it('succeeds with issues when it warns, and fails when a check did', async () => {
    const warned = await ended(() => Promise.resolve(aReport({ warnings: ['careful'] })));
    const failed = await ended(() => Promise.resolve(aReport({ failure: 'not so', warnings: ['careful'] })));

    assert.ok(warned.said.includes('warn careful'));
    assert.equal(last(warned), 'complete SucceededWithIssues');
    assert.ok(failed.said.includes('fail not so'));
    assert.equal(last(failed), 'complete Failed');
  });

  it('has a summary whose name is of bounded length', async () => {
    const { files } = await ended(() => Promise.resolve(aReport({ syncName: 'x'.repeat(200) })));

    assert.ok(`Infisical sync ${'x'.repeat(80)}.md` in files);
  });
});

describe('a step that stopped', () => {
  const stop = (error: Error) => () => Promise.reject<Report>(error);

  it('says what is known of the destination in a line of its own where the message has lines', async () => {
    const [one, two] = [await ended(stop(new SyncError('A.'))), await ended(stop(new SyncError('A.\nB.')))];

    assert.match(one.said[0] ?? '', /^fail A\. [^\n]+$/);
    assert.match(two.said[0] ?? '', /^fail A\.\nB\.\n[^\n]+$/);
    assert.deepEqual(Object.keys(one.files), ['Infisical sync failed.md']);
    assert.deepEqual(one.said.slice(1), ['summary /files/Infisical sync failed.md', 'complete Failed']);
  });

  it('tells whoever debugs where a fault of its own happened, and nothing that its text may hold', async () => {
    const { said } = await ended(stop(new TypeError('canary\n   atoll at canary')));

    assert.match(said[0] ?? '', /^debug TypeError at \s+at .*ending\.test/s);
    assert.ok((said[0]?.split('\n').length ?? 0) > 1);
    assert.ok(said.every((line) => !line.includes('canary')));
    assert.ok(!(await ended(stop(new SyncError('A.')))).said.some((line) => line.startsWith('debug')));
    const odd = await ended(stop('canary' as unknown as Error));
    assert.ok(odd.said.every((line) => !/canary|^debug/.test(line)));
  });

  it('ends although its summary can’t be written, and says so', async () => {
    const host = new MemoryHost();
    host.writeFile = () => {
      throw new Error('ENOSPC');
    };

    await ended(stop(new SyncError('A.')), host);

    assert.deepEqual(
      host.said.map((line) => line.split(' ')[0]),
      ['fail', 'log', 'complete'],
    );
  });
});

describe('a report', () => {
  it('has the status of what was asked and done', () => {
    const statusOf = (action: Report['action'], wrote: boolean): string =>
      finishedReport(aConfig({ settings: { action } }), place, {
        ...found,
        converged: { ...converged, wrote },
      }).status;

    assert.deepEqual(
      [statusOf('sync', true), statusOf('remove', true), statusOf('sync', false), statusOf('plan', false)],
      ['synced', 'removed', 'unchanged', 'planned'],
    );
    assert.equal(statusOf('check', false), 'planned');
  });

  it('names the source, and the sync in Infisical that says the rest of it', () => {
    const complete = () => aConfig();
    const of = (rest: object): Report['source'] =>
      finishedReport({ ...aConfig(), ...rest }, place, found).source;
    const plain = { project: 'shop', environment: 'prod', secretPath: '/' };

    assert.deepEqual(of({}), plain);
    assert.deepEqual(of({ takeOver: { name: 'one', complete } }), { ...plain, sync: 'one' });
    assert.deepEqual(of({ wizardSync: { name: 'two' } }), { ...plain, sync: 'two' });
  });

  it('of a run that did nothing holds nothing but why', () => {
    const skipped = (reason?: string): Report => skippedReport(aConfig(), place, reason);

    const { notices, ...rest } = skipped();

    assert.equal(notices.length, 1);
    assert.deepEqual(rest, {
      syncName: 'shop-prod',
      action: 'sync',
      status: 'skipped',
      hasChanges: false,
      source: { project: 'shop', environment: 'prod', secretPath: '/' },
      destination: place,
      counts: countChanges([]),
      changes: [],
      warnings: [],
    });
    assert.match(skipped('Schedule').notices.join(), /"Schedule"/);
    assert.doesNotMatch(notices.join(), /"/);
  });

  it('joins the warnings of a check to those of the run, and fails by its verdict', () => {
    const verdict = { warnings: ['unknown'], failure: 'different' };

    const { warnings, failure } = finishedReport(aConfig(), place, { ...found, warnings: ['one'], verdict });

    assert.deepEqual([warnings, failure], [['one', 'unknown'], 'different']);
  });

  it('ends the log with a line for each outcome', () => {
    const line = (rest: Partial<Report>): string => outcomeLine(aReport(rest), 'it');
    const pipelineVariables = { kind: 'pipelineVariables' } as const;
    const lines = [
      line({}),
      line({ destination: pipelineVariables }),
      line({ status: 'unchanged', destination: pipelineVariables }),
      line({ status: 'planned', action: 'plan' }),
      line({ status: 'planned', action: 'check' }),
      line({ status: 'skipped', action: 'check' }),
      line({ status: 'removed', action: 'remove' }),
      line({ status: 'unchanged', action: 'remove' }),
    ];

    assert.equal(new Set(lines).size, lines.length);
    assert.match(lines[0] ?? '', /1 created/);
    assert.match(lines[1] ?? '', /^Set: it/);
    assert.match(lines[3] ?? '', /1 to create/);
    assert.deepEqual(
      lines.map((text) => text.startsWith('Nothing to remove')),
      lines.map((_, index) => index === lines.length - 1),
    );
    assert.ok(lines.filter((text) => text.startsWith('Set:')).length === 1);
    assert.match(lines[4] ?? '', /^Checked/);
    assert.ok(lines.filter((text) => text.startsWith('Checked')).length === 1);
  });
});
