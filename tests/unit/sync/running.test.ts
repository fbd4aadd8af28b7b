import assert from 'node:assert/strict';
import { DestinationError, SourceError } from '#task/domain/errors.js';
import { groupGoes } from '#task/domain/plan-notices.js';
import type { Report } from '#task/domain/report.js';
import type { SyncSettings } from '#task/domain/settings.js';
import { StoppedRun } from '#task/sync/write-state.js';
import {
  aConfig,
  aGroup,
  aListedSecret,
  anImport,
  aSchema,
  plainVariable,
  secretVariable,
} from '../../support/builders.js';
import { aListing, contested, Stage, unheardOf } from '../../support/in-process.js';

const one = aListing(aListedSecret('A', 'value-a'));
const configOf = (settings: Partial<SyncSettings> = {}) => aConfig({ settings });
const rows = ({ changes }: Report): string[] => changes.map(({ change, name }) => `${change} ${name}`);

/** How a run stopped. */
async function stopOf(run: Promise<Report>): Promise<StoppedRun> {
  const error: unknown = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof StoppedRun);
  return error;
}

describe('a run', () => {
  it('reads, shows its plan, writes, signs out once and says what it did', async () => {
    const stage = new Stage({ listing: one, warnings: ['about the way'] });

    const report = await stage.run(configOf());

    assert.deepEqual([report.status, report.hasChanges, rows(report)], ['synced', true, ['create A']]);
    assert.deepEqual(
      [report.warnings, report.destination],
      [['about the way'], { ...stage.group.place, existed: false }],
    );
    assert.deepEqual([report.notices, stage.source.signedOut], [[], 1]);
    assert.ok(stage.host.said.every((line) => !line.endsWith('of nothing')));
    const said = stage.host.said.map((line) => line.split(' ').slice(0, 2).join(' '));
    assert.deepEqual(
      said.filter((line) => line.startsWith('progress')).map((line) => line.slice(9)),
      ['10', '40', '50', '90'],
    );
    assert.ok(said.indexOf('log Plan') > said.indexOf('masked'));
    assert.ok(stage.host.said.some((line) => /A .*create/.test(line)));
  });

  it('lets nothing be seen of a plan that is only looked at but its digest', async () => {
    const stage = new Stage({ listing: one });

    const report = await stage.run(configOf({ action: 'plan' }));

    assert.deepEqual([report.status, stage.group.plans, report.failure], ['planned', [], undefined]);
    assert.match(report.planDigest ?? '', /^1\./);
    assert.equal('planDigest' in (await new Stage({ listing: one }).run(configOf())), false);
  });

  it('fails a check, and nothing else, for what is different', async () => {
    assert.ok((await new Stage({ listing: one }).run(configOf({ action: 'check' }))).failure !== undefined);
    assert.equal('failure' in (await new Stage({ listing: one }).run(configOf())), false);
  });

  it('that nobody started by hand does nothing without autoSync', async () => {
    const stage = new Stage({ listing: one, reason: 'Schedule' });

    const report = await stage.run(configOf({ autoSync: false }));

    assert.deepEqual([report.status, report.notices.length, stage.group.reads], ['skipped', 1, 0]);
    assert.deepEqual([report.changes, report.warnings, report.hasChanges], [[], [], false]);
    assert.equal(stage.host.said.length, 2);
  });

  it('tells of a group that goes as a whole, and only then', async () => {
    const removal = new Stage({ listing: one, held: aGroup([secretVariable('A')]) });
    const part = new Stage({ listing: one, held: aGroup([secretVariable('A'), secretVariable('B')]) });

    const report = await removal.run(configOf({ action: 'remove' }));
    await part.run(configOf({ action: 'remove' }));

    assert.deepEqual([report.status, removal.group.held.exists], ['removed', false]);
    assert.ok(removal.host.said.includes(`log ${groupGoes}`));
    assert.ok(!part.host.said.includes(`log ${groupGoes}`));
  });

  it('removes what Infisical withholds, too, and names that no variable could have', async () => {
    const listing = aListing(
      aListedSecret('A', '<hidden-by-infisical>', { hidden: true }),
      aListedSecret('agent.B', ''),
    );
    const held = aGroup([secretVariable('A'), secretVariable('agent.B'), secretVariable('C')]);
    const stage = new Stage({ listing, held });

    assert.deepEqual(rows(await stage.run(configOf({ action: 'remove' }))), [
      'delete A',
      'delete agent.B',
      'keep C',
    ]);
    await stopOf(new Stage({ listing, held }).run(configOf()));
  });

  it('takes nothing away when an import gave nothing, and says so', async () => {
    const held = aGroup([secretVariable('A'), secretVariable('OLD')]);
    const silent = { secrets: one.secrets, imports: [anImport('/shared', [])] };

    const withheld = await new Stage({ listing: silent, held }).run(configOf());
    const report = await new Stage({ listing: one, held }).run(configOf());

    assert.deepEqual(
      [rows(withheld), rows(report)],
      [
        ['rewrite A', 'keep OLD'],
        ['rewrite A', 'delete OLD'],
      ],
    );
    assert.ok(withheld.warnings.some((warning) => warning.includes('"OLD"') && warning.includes('/shared')));
    assert.ok(report.notices.some((notice) => notice.includes('"OLD"')));
    assert.ok(withheld.notices.every((notice) => !notice.includes('"OLD"')));
    assert.deepEqual(report.warnings, []);
  });

  it('warns of what became empty, and of a rival', async () => {
    const held = aGroup([plainVariable('A', 'x'), plainVariable('B', 'b')]);
    const stage = new Stage({ listing: aListing(aListedSecret('A', ''), aListedSecret('B', 'b')), held });
    stage.group.outcomes.push(contested(true));

    const { warnings } = await stage.run(configOf());

    assert.equal(warnings.length, 2);
    assert.match(warnings[0] ?? '', /"A"/);
  });

  it('lets pipelines use a group after a sync, and warns of what could not be done', async () => {
    let asked = 0;
    const permissions = {
      authorize: () => {
        asked += 1;
        return Promise.resolve(['not allowed']);
      },
    };
    const warningsOf = async (action: SyncSettings['action']): Promise<string[]> => {
      const held = action === 'remove' ? { held: aGroup([secretVariable('A')]) } : {};
      return (await new Stage({ listing: one, permissions, ...held }).run(configOf({ action }))).warnings;
    };

    assert.deepEqual([await warningsOf('sync'), asked], [['not allowed'], 1]);
    for (const action of ['plan', 'check', 'remove'] as const) assert.deepEqual(await warningsOf(action), []);
    assert.equal(asked, 1);
  });

  it('asks whether the agent can hold the variables, and says how they are read', async () => {
    const usage = [{ title: 'in a script', yaml: ['- script: env'] }];
    const jobVariables = { problemsWith: () => [], usage: () => usage };
    const refusing = { problemsWith: () => ['too long'], usage: () => usage };

    assert.deepEqual((await new Stage({ listing: one, jobVariables }).run(configOf())).usage, usage);
    assert.equal('usage' in (await new Stage({ listing: one }).run(configOf())), false);
    const { cause } = await stopOf(new Stage({ listing: one, jobVariables: refusing }).run(configOf()));
    assert.match((cause as Error).message, /too long/);
  });
});

describe('a run that stops', () => {
  const no = new SourceError('No.');

  it('signs out, whatever stopped it, and says that nothing was written', async () => {
    const stage = new Stage({ listing: no });

    const stopped = await stopOf(stage.run(configOf()));

    assert.deepEqual([stopped.cause, stopped.state, stage.source.signedOut], [no, 'nothing written', 1]);
  });

  it('waits for signing out before it ends', async () => {
    const stage = new Stage({ listing: no });
    let isDone = false;
    stage.source.signOut = async () => {
      await Promise.resolve();
      await Promise.resolve();
      isDone = true;
    };

    await stopOf(stage.run(configOf()));

    assert.equal(isDone, true);
  });

  it('says what had been reached', async () => {
    const stage = new Stage({ listing: one });
    stage.group.outcomes.push(...Array.from({ length: 5 }, () => unheardOf()));

    const stopped = await stopOf(stage.run(configOf()));

    assert.ok(stopped.cause instanceof DestinationError);
    assert.deepEqual([stopped.state, stage.source.signedOut], ['write under way', 1]);
  });

  it('refuses an empty source, and a key schema that would take what others wrote', async () => {
    await stopOf(new Stage({ listing: aListing() }).run(configOf()));
    const held = aGroup([plainVariable('APP_X')], { description: '' });
    const config = configOf({ keySchema: aSchema('APP_{{secretKey}}') });

    const { cause } = await stopOf(new Stage({ listing: one, held }).run(config));

    assert.equal((cause as Error).name, 'UnsafePlanError');
  });
});
