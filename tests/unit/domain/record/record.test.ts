import assert from 'node:assert/strict';
import { planDestination, type CurrentDestination } from '#task/domain/destination-plan.js';
import { withoutRecords } from '#task/domain/record/line.js';
import { windowMs } from '#task/domain/record/record.js';
import type { SyncSettings } from '#task/domain/settings.js';
import {
  aGroup,
  aSchema,
  plainVariable,
  secretVariable,
  settings,
  wanted,
} from '../../../support/builders.js';
import { aPlace, aRecording, desiring, written } from '../../../support/records.js';

const two = [wanted('API_KEY', 'k'), wanted('DB_PASSWORD', 'p')];

/** The write and the rows of the next sync. */
function next(
  current: CurrentDestination,
  variables = two,
  given: { settings?: Partial<SyncSettings>; recording?: ReturnType<typeof aRecording> } = {},
): string[] {
  const plan = planDestination(settings(given.settings), desiring(variables, given.recording), current);
  return [plan.write, ...plan.changes.map(({ kind, name, because }) => `${kind} ${name}: ${because}`)];
}

const edited = (current: CurrentDestination, edit: (description: string) => string): CurrentDestination => ({
  ...current,
  description: edit(current.description),
});

const rewritten = (because: string): string[] => [
  'update',
  `rewrite API_KEY: ${because}`,
  `rewrite DB_PASSWORD: ${because}`,
];

describe('a record', () => {
  it('lets the next run write nothing', () => {
    assert.deepEqual(next(written(two)), ['nothing', 'keep API_KEY: same', 'keep DB_PASSWORD: same']);
  });

  it('holds for a group that had no ID when it was written', () => {
    const before = aGroup([], { exists: false, description: '', place: aPlace({ id: undefined }) });

    assert.equal(next(written(two, { before }))[0], 'nothing');
  });

  it('tells which secret is different, and everything is sent', () => {
    const now = [wanted('API_KEY', 'k'), wanted('DB_PASSWORD', 'q')];

    const { changes } = planDestination(settings(), desiring(now), written(two));

    assert.deepEqual(
      changes.map(({ kind, name, because }) => `${kind} ${name}: ${because}`),
      ['keep API_KEY: same', 'update DB_PASSWORD: different'],
    );
    assert.ok(changes.every((change) => 'to' in change && change.to.isSecret));
  });

  it('tells what is new and what is gone', () => {
    assert.deepEqual(next(written(two), [wanted('API_KEY', 'k'), wanted('NEW')]), [
      'update',
      'keep API_KEY: same',
      'delete DB_PASSWORD: not in Infisical',
      'create NEW: new',
    ]);
  });

  it('is made anew by each write', () => {
    const once = written(two);
    const now = [wanted('API_KEY', 'other'), wanted('DB_PASSWORD', 'p')];

    assert.equal(next(written(now, { before: once }), now)[0], 'nothing');
  });

  it('compares names without case, wherever that puts them', () => {
    const before = aGroup([secretVariable('b_2'), secretVariable('B_10'), secretVariable('a')], {
      place: aPlace(),
    });
    const mixed = [wanted('A', '1'), wanted('B_10', '2'), wanted('B_2', '3')];

    const group = written(mixed, { before });

    assert.equal(next({ ...group, variables: group.variables.toReversed() }, mixed)[0], 'nothing');
    assert.deepEqual(next(group, [wanted('A', '1'), wanted('B_10', 'x'), wanted('B_2', '3')]), [
      'update',
      'keep a: same',
      'update B_10: different',
      'keep b_2: same',
    ]);
  });

  for (const [title, found, because] of [
    [
      'is not there',
      () => edited(written(two), () => '[infisical-sync: shop-prod owns *]'),
      'never recorded',
    ],
    [
      'is of another sync',
      () => edited(written(two), (text) => text.replace('record: shop-prod', 'record: shop-dev')),
      'never recorded',
    ],
    ['lost its end', () => edited(written(two), (text) => `${text.slice(0, -9)}]`), 'the record is damaged'],
    [
      'is there twice',
      () => edited(written(two), (text) => `${text}\n${text.split('\n')[1] ?? ''}`),
      'the record is damaged',
    ],
    [
      'has another time than was written',
      () =>
        edited(written(two), (text) =>
          text.replace(/ \d{10} /, ` ${String(Date.UTC(2026, 10, 24, 12) / 1000 + 1)} `),
        ),
      'the record is damaged',
    ],
    [
      'is from before an edit',
      () => ({
        ...written(two),
        place: aPlace({ changedAtMs: (aPlace().answeredAtMs ?? 0) + windowMs + 1 }),
      }),
      'group edited since the last sync',
    ],
    [
      'is from after the last change',
      () => ({ ...written(two), place: aPlace({ changedAtMs: (aPlace().answeredAtMs ?? 0) - 1 }) }),
      'group edited since the last sync',
    ],
    [
      'is of a group whose time of change is not known',
      () => ({ ...written(two), place: aPlace({ changedAtMs: undefined }) }),
      'group edited since the last sync',
    ],
    [
      'was made with another key',
      () => written(two, { recording: aRecording('another secret') }),
      'recorded with another key',
    ],
    [
      'was made with other options',
      () => written(two, { recording: aRecording(undefined, ['dev']) }),
      'options changed',
    ],
    [
      'is in a group that others write',
      () => edited(written(two), (text) => `${text}\n[infisical-sync: other]`),
      'group shared by several syncs',
    ],
    [
      'is of another group',
      () => ({ ...written(two), place: { ...written(two).place, name: 'copy', id: 8 } as never }),
      'not as recorded',
    ],
    [
      'is of a group with other secrets',
      () => ({ ...written(two), variables: [...written(two).variables, secretVariable('OTHER')] }),
      'not as recorded',
    ],
    [
      'found no room',
      () =>
        edited(
          aGroup([...written(two).variables], { place: aPlace() }),
          (text) => `${'x'.repeat(900)}\n${text}`,
        ),
      'no room for a record',
    ],
  ] as [string, () => CurrentDestination, string][]) {
    it(`that ${title} is not believed`, () => {
      const current = found();
      const given = current.description.includes('other]') ? { keySchema: aSchema('{{secretKey}}') } : {};
      const rows = next(current, two, { settings: given }).filter((row) => !/OTHER/.test(row));

      assert.deepEqual(rows, rewritten(because));
    });
  }

  it('is not made without the time of the service, and the run goes on', () => {
    const before = aGroup([], { place: aPlace({ answeredAtMs: undefined }) });

    assert.equal(written(two, { before }).description, '[infisical-sync: shop-prod owns *]');
  });

  it('goes when nobody wants it any more', () => {
    const desired = { variables: two, names: [], sourceMayBeIncomplete: false };

    const plan = planDestination(settings(), desired, written(two));

    assert.equal(plan.description, '[infisical-sync: shop-prod owns *]');
    assert.deepEqual(
      plan.changes.map(({ because }) => because),
      ['a secret can’t be compared', 'a secret can’t be compared'],
    );
  });

  it('goes with the mark of its sync, and not with that of another', () => {
    const other = edited(
      written(two),
      (text) => `theirs\r\n[infisical-sync: other]\n[infisical-sync-record: other 1 x]\n${text}`,
    );

    const plan = planDestination(settings({ action: 'remove' }), desiring(two), other);

    assert.equal(plan.description, 'theirs\r\n[infisical-sync: other]\n[infisical-sync-record: other 1 x]');
  });

  it('is not written for its own sake where everything can be compared', () => {
    const group = aGroup([plainVariable('A', 'x')], { place: aPlace() });

    assert.deepEqual(next(group, [wanted('A', 'x', false)]), ['nothing', 'keep A: same']);
  });

  it('leaves the text of a description to the letter', () => {
    const text = 'By  the shop\r\n\r\n  team \n[infisical-sync: shop-prod owns *]';

    const { description } = written(two, { before: aGroup([], { description: text, place: aPlace() }) });

    assert.equal(withoutRecords(description), text);
    assert.equal(description.split('\n').at(-1)?.startsWith('[infisical-sync-record: shop-prod 1 '), true);
  });
});
