import assert from 'node:assert/strict';
import { mayWrite } from '#task/domain/auto-sync.js';
import { planDestination, type CurrentDestination } from '#task/domain/destination-plan.js';
import { groupGoes, planNotices } from '#task/domain/plan-notices.js';
import { renderPlanTable } from '#task/domain/plan-table.js';
import type { Change } from '#task/domain/plan.js';
import { countChanges, hasChanges, type Report } from '#task/domain/report.js';
import { onlyLooks, type SyncSettings } from '#task/domain/settings.js';
import { verdictOn } from '#task/domain/verdict.js';
import { takenOver, wouldWrite } from '#task/domain/wizard-sync.js';
import {
  aGroup,
  aPipeline,
  aSchema,
  aWizardSync,
  noGroup,
  plainVariable,
  secretVariable,
  settings,
  wanted,
} from '../../support/builders.js';

const narrow = { keySchema: aSchema('APP_{{secretKey}}') };

function noticesOf(rest: Partial<SyncSettings>, current: CurrentDestination, names: string[] = []): string[] {
  const variables = rest.action === 'remove' ? [] : names.map((name) => wanted(name));
  return planDestination(
    settings(rest),
    { variables, names, sourceMayBeIncomplete: false },
    current,
  ).notices.slice();
}

describe('what a person should know about a plan', () => {
  const marks = '[infisical-sync: shop-prod owns APP_*]';
  const open = `${marks}\n[infisical-sync: web owns *_X]\n[infisical-sync: job owns *_X]`;

  it('is nothing where all is plain, and nothing about a group that is not there', () => {
    assert.deepEqual(noticesOf({}, aGroup([secretVariable('A')]), ['A']), []);
    assert.deepEqual(noticesOf({}, noGroup, ['A']), []);
    const plan = planDestination(
      settings(),
      { variables: [], names: [], sourceMayBeIncomplete: false },
      noGroup,
    );
    const { notices, ...rest } = plan;
    assert.deepEqual([notices, planNotices({ ...rest, write: 'delete' }, settings(), noGroup)], [[], []]);
  });

  it('is that the group goes when nothing is left in it', () => {
    const group = aGroup([secretVariable('A')]);

    assert.deepEqual(noticesOf({ action: 'remove' }, group, ['A']), [groupGoes]);
    assert.deepEqual(
      noticesOf({ action: 'remove' }, aGroup([secretVariable('A'), secretVariable('B')]), ['A']),
      [],
    );
  });

  it('is what may be another sync’s as well, with the marks that say so, each once', () => {
    const group = aGroup([plainVariable('APP_X'), plainVariable('APP_2_X')], { description: open });

    const [sync = '', ...others] = noticesOf(narrow, group);
    const [removal = ''] = noticesOf({ ...narrow, action: 'remove' }, group);

    assert.deepEqual(others, []);
    for (const notice of [sync, removal]) {
      assert.match(notice, /"APP_X" and "APP_2_X"/);
      assert.equal(notice.match(/"web" \(owns \*_X\)/g)?.length, 1);
      assert.match(notice, /"web" \(owns \*_X\) and "job" \(owns \*_X\)/);
    }
    assert.match(sync, /not deleted/);
    assert.match(removal, /not removed/);
  });

  it('is that nothing was removed, where something is there', () => {
    const other = aGroup([plainVariable('OTHER')], { description: marks });

    assert.equal(noticesOf({ ...narrow, action: 'remove' }, other).length, 1);
    assert.deepEqual(noticesOf({ ...narrow, action: 'remove' }, { ...other, variables: [] }), []);
    assert.deepEqual(noticesOf(narrow, other), []);
  });

  it('is what stays in a pipeline because nothing shows who wrote it', () => {
    const pipeline = aPipeline([secretVariable('APP_A'), secretVariable('APP_OLD'), secretVariable('OTHER')]);

    const [notice = '', ...others] = noticesOf({ ...narrow, action: 'remove' }, pipeline, ['APP_A']);

    assert.deepEqual(others, []);
    assert.match(notice, /"APP_OLD"/);
    assert.doesNotMatch(notice, /"APP_A"|"OTHER"/);
  });

  it('is that the sync has left a mark with another key schema', () => {
    const description = `${marks}\n[infisical-sync: shop-prod owns OLD_*]\n[infisical-sync: web owns WEB_*]`;
    const group = aGroup([plainVariable('APP_A', 'value of APP_A')], { description });

    const notices = noticesOf(narrow, group, ['APP_A']);

    assert.equal(notices.length, 1);
    assert.match(notices[0] ?? '', /"shop-prod" \(owns OLD_\*\)/);
    assert.doesNotMatch(notices[0] ?? '', /"web"/);
  });
});

describe('a run', () => {
  it('looks only when that was asked for', () => {
    assert.deepEqual((['sync', 'plan', 'check', 'remove'] as const).map(onlyLooks), [
      false,
      true,
      true,
      false,
    ]);
  });

  it('may write without autoSync when a person started it', () => {
    const off = settings({ autoSync: false });

    assert.deepEqual(
      [mayWrite(settings(), 'Schedule'), mayWrite(settings(), undefined), mayWrite(off, 'Manual')],
      [true, true, true],
    );
    assert.deepEqual(
      [mayWrite(off, 'manual'), mayWrite(off, 'Schedule'), mayWrite(off, undefined)],
      [true, false, false],
    );
    for (const action of ['plan', 'check'] as const)
      assert.ok(mayWrite(settings({ autoSync: false, action }), 'Schedule'));
  });
});

describe('counts', () => {
  const kinds = ['create', 'update', 'update', 'rewrite', 'rewrite', 'rewrite', 'delete', 'keep'] as const;
  const changes = kinds.map(
    (kind) => ({ kind, name: kind, because: 'x', to: wanted('A') }) as unknown as Change,
  );

  it('are of each kind', () => {
    assert.deepEqual(countChanges(changes), { created: 1, updated: 2, rewritten: 3, deleted: 1, kept: 1 });
  });

  it('are changes unless all stays', () => {
    const nothing = countChanges([]);

    assert.ok(!hasChanges({ ...nothing, kept: 3 }));
    for (const kind of ['created', 'updated', 'rewritten', 'deleted'] as const)
      assert.ok(hasChanges({ ...nothing, [kind]: 1 }));
    assert.ok(hasChanges({ created: 1, updated: 1, rewritten: 1, deleted: 1, kept: 0 }));
  });
});

describe('the table of a plan', () => {
  const rows = (
    count: number,
    change: Report['changes'][number]['change'],
    prefix: string,
  ): Report['changes'] =>
    Array.from({ length: count }, (_, index) => ({
      name: `${prefix}${String(index)}`,
      change,
      because: 'x',
    }));

  it('has 200 rows at most: what weighs least is left out, and the order stays', () => {
    const changes = [
      ...rows(100, 'keep', 'K'),
      ...rows(60, 'rewrite', 'W'),
      ...rows(60, 'update', 'U'),
      ...rows(50, 'create', 'C'),
      ...rows(40, 'delete', 'D'),
    ];

    const [, ...lines] = renderPlanTable(changes);

    const named = lines.slice(0, -1).map((line) => line.trim().split(/\s+/)[1] ?? '');
    const count = (letter: string): number => named.filter((name) => name.startsWith(letter)).length;
    assert.deepEqual(['K', 'W', 'U', 'C', 'D'].map(count), [0, 50, 60, 50, 40]);
    assert.deepEqual([named[0], named.at(-1)], ['W0', 'D39']);
    assert.match(lines.at(-1) ?? '', /110 more/);
  });

  it('leaves nothing out of 200', () => {
    assert.equal(renderPlanTable(rows(200, 'keep', 'K')).length, 201);
    assert.equal(renderPlanTable(rows(201, 'keep', 'K')).length, 202);
  });
});

describe('a verdict', () => {
  it('warns of what can’t be known, by reason', () => {
    const rewrite = (name: string, because: 'never recorded' | 'options changed'): Change => ({
      ...{ kind: 'rewrite', name, because },
      to: wanted(name),
    });

    const { warnings } = verdictOn(
      [rewrite('A', 'never recorded'), rewrite('B', 'options changed'), rewrite('C', 'options changed')],
      'it',
    );

    assert.equal(warnings.length, 2);
    assert.match(warnings[0] ?? '', /never recorded.*"A"/);
    assert.match(warnings[1] ?? '', /options changed.*"B" and "C"/);
  });
});

describe('a sync that was made in Infisical', () => {
  const sync = aWizardSync();

  it('is told with all that is taken from it', () => {
    const told = takenOver(sync);

    assert.match(
      told,
      /"to-azure".*"prod".*"\/api".*subfolders off.*no key schema.*Disable Secret Deletion on$/,
    );
    assert.match(
      takenOver({
        ...sync,
        keySchema: 'A_{{secretKey}}',
        description: 'text',
        recursive: true,
        disableSecretDeletion: false,
      }),
      /subfolders on, key schema "A_\{\{secretKey\}\}", Disable Secret Deletion off, description "text"$/,
    );
  });

  it('would write a group that is called like its environment, when it runs by itself', () => {
    assert.ok(wouldWrite(sync, 'PRODUCTION'));
    assert.ok(!wouldWrite(sync, 'prod'));
    assert.ok(!wouldWrite({ ...sync, runsByItself: false }, 'Production'));
  });
});
