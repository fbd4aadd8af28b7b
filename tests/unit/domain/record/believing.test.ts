import assert from 'node:assert/strict';
import { planDestination, type CurrentDestination } from '#task/domain/destination-plan.js';
import type { DesiredVariable } from '#task/domain/desired.js';
import { hasRoom, readRecord, recordsIn, withRecord } from '#task/domain/record/line.js';
import { newRecord, windowMs } from '#task/domain/record/record.js';
import type { CurrentVariable } from '#task/domain/plan.js';
import {
  aGroup,
  aSchema,
  plainVariable,
  secretVariable,
  settings,
  wanted,
} from '../../../support/builders.js';
import { aPlace, aRecording, desiring, written } from '../../../support/records.js';

const narrow = { keySchema: aSchema('APP_{{secretKey}}') };
const two = [wanted('APP_A', 'a'), wanted('APP_PLAIN', 'p', false)];
const empty = aGroup([], { description: '', place: aPlace() });
const kept = [secretVariable('OTHER'), plainVariable('SEEN', 'x')];

function next(current: CurrentDestination, variables: DesiredVariable[] = two): string[] {
  const { write, changes } = planDestination(settings(narrow), desiring(variables), current);
  return [write, ...changes.map(({ kind, name, because }) => `${kind} ${name}: ${because}`)];
}

const among = (variables: CurrentVariable[], description = ''): CurrentDestination =>
  written(two, { settings: narrow, before: aGroup(variables, { description, place: aPlace() }) });
const withVariables = (
  group: CurrentDestination,
  edit: (variables: readonly CurrentVariable[]) => CurrentVariable[],
): CurrentDestination => ({ ...group, variables: edit(group.variables) });

describe('a record that an earlier version wrote', () => {
  const mark = '[infisical-sync: shop-prod owns APP_*]';

  for (const [title, line] of [
    ['into a group', 'Bz3J 1795521600 uZtD IktJulduJKbuboGQLgl9vK N0dodWqT XpQ8NKF8OF4Lpbly5C32Nq'],
    ['into a new group', 'Bz3J 1795521600 uZtD L1Cz2E7bC2_HP7xGZDMu_X N0dodWqT T13Anz7dxGe6gAWPpw-2ES'],
  ]) {
    it(`${title} is believed for ever`, () => {
      const description = `${mark}\n[infisical-sync-record: shop-prod 1 ${line ?? ''}]`;
      const group = { ...among([secretVariable('OTHER')]), description };

      assert.deepEqual(next(group), [
        'nothing',
        'keep APP_A: same',
        'keep APP_PLAIN: same',
        'keep OTHER: outside the key schema',
      ]);
    });
  }
});

describe('a record', () => {
  it('is about what the sync leaves alone, too', () => {
    const group = among(kept);
    const changed = [
      withVariables(group, (variables) =>
        variables.map((one) => (one.name === 'SEEN' ? plainVariable('SEEN', 'y') : one)),
      ),
      withVariables(group, (variables) => variables.filter(({ name }) => name !== 'SEEN')),
      withVariables(group, (variables) =>
        variables.map((one) => (one.name === 'SEEN' ? plainVariable('OTHER_NAME', 'x') : one)),
      ),
    ];

    assert.equal(next(group)[0], 'nothing');
    for (const one of changed) assert.equal(next(one)[1], 'rewrite APP_A: not as recorded');
  });

  it('is not about what the sync took away', () => {
    const before = aGroup([secretVariable('APP_A'), secretVariable('APP_OLD')], {
      description: '[infisical-sync: shop-prod owns APP_*]',
      place: aPlace(),
    });

    assert.equal(next(written(two, { settings: narrow, before }))[0], 'nothing');
  });

  it('says which secret is different beside what is plain, wherever that stands', () => {
    const names = ['APP_B', 'APP_D', 'APP_F'];
    const now = (changed: string): DesiredVariable[] => [
      ...names.map((name) => wanted(name, name === changed ? 'other' : 'value')),
      wanted('APP_C', 'plain', false),
    ];
    const plain = ['A', 'APP_E', 'Z'].map((name) => plainVariable(name));
    const before = aGroup(plain, { description: '', place: aPlace() });
    const group = written(now('none'), { settings: { ...narrow, disableSecretDeletion: true }, before });

    for (const name of names) {
      const plan = planDestination(
        settings({ ...narrow, disableSecretDeletion: true }),
        desiring(now(name)),
        group,
      );

      assert.deepEqual(
        plan.changes.filter(({ kind }) => kind !== 'keep').map((one) => `${one.kind} ${one.name}`),
        [`update ${name}`],
      );
    }
  });

  for (const [sinceMs, isBelieved] of [
    [-1, false],
    [0, true],
    [windowMs, true],
    [windowMs + 1, false],
  ] as const) {
    it(`is ${isBelieved ? '' : 'not '}believed when the group was written ${String(sinceMs)} ms after it`, () => {
      const group = among([]);
      const place = aPlace({ changedAtMs: (aPlace().answeredAtMs ?? 0) + sinceMs });

      assert.equal(next({ ...group, place })[0] === 'nothing', isBelieved);
    });
  }

  for (const [title, place] of [
    ['ID', { id: 8 }],
    ['name', { name: 'copy' }],
  ] as const) {
    it(`is not believed in a group with another ${title}`, () => {
      const group = among([]);
      const elsewhere = { ...aPlace({ changedAtMs: group.place?.changedAtMs }), ...place };

      assert.equal(next({ ...group, place: elsewhere })[1], 'rewrite APP_A: not as recorded');
    });
  }

  it('of very many secrets lets nothing be written, and can’t say which is different', () => {
    const many = (changed?: number): DesiredVariable[] =>
      Array.from({ length: 300 }, (_, index) =>
        wanted(`APP_${String(index)}`, index === changed ? 'other' : 'value'),
      );
    const group = written(many(), { settings: narrow, before: empty });

    assert.equal(next(group, many())[0], 'nothing');
    const [write, ...rows] = next(group, many(7));
    assert.equal(write, 'update');
    assert.ok(rows.every((row) => row.endsWith(': too many to record each')));
  });

  it('does not keep a new text from the description', () => {
    const plain = [wanted('APP_PLAIN', 'p', false)];
    const group = written(plain, { settings: narrow, before: empty });

    const { write, description } = planDestination(
      settings({ ...narrow, syncDescription: 'By the shop team' }),
      desiring(plain),
      group,
    );

    assert.equal(write, 'update');
    assert.match(description, /^By the shop team\n/);
  });
});

describe('the line of a record', () => {
  const { mac } = aRecording();
  const by = { mac, syncName: 'shop-prod' };
  const record = newRecord([], { description: '', place: aPlace(), variables: [] }, aRecording());
  const short = record === undefined ? undefined : { ...record, labels: '' };

  it('is damaged by a word more, before it or after it', () => {
    assert.ok(short !== undefined);
    const [line = ''] = recordsIn(withRecord('', short, by), 'shop-prod');

    assert.deepEqual(readRecord(line, by), short);
    for (const changed of [line.replace(' 1 ', ' 1 1 '), line.replace(' 1 ', ' x 1 '), `${line} x`])
      assert.equal(readRecord(changed, by), 'damaged');
  });

  it('has room in a description up to the last character', () => {
    assert.ok(short !== undefined);
    const line = withRecord('', short, by).length + 1;
    for (let length = 999 - line - 3; length <= 999 - line + 3; length += 1) {
      const text = 'x'.repeat(length);
      const isFitting = length + line <= 999;

      assert.equal(hasRoom(text, 'shop-prod'), isFitting, String(length));
      assert.equal(withRecord(text, short, by) !== text, isFitting, String(length));
    }
  });
});
