import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  hasRoom,
  readRecord,
  recordsIn,
  withoutRecord,
  withoutRecords,
  withRecord,
} from '#task/domain/record/line.js';
import {
  keyLabel,
  labelLength,
  labelsOf,
  optionsLabel,
  printOf,
  printsOf,
  sealOf,
  type Mac,
} from '#task/domain/record/prints.js';
import { newRecord } from '#task/domain/record/record.js';
import { SecretValue } from '#task/domain/secret-value.js';
import { wanted } from '../../../support/builders.js';
import { aPlace, aRecording } from '../../../support/records.js';

const recording = aRecording();
const { mac } = recording;
const by = { mac, syncName: 'shop-prod' };

const print = (value: string, name = 'A', isSecret = true, key: Mac = mac): string =>
  printOf(key, { name, isSecret, value: new SecretValue(value) });

/** How many of 256 bits are different. */
function distance(one: string, other: string): number {
  const [a, b] = [Buffer.from(one, 'base64url'), Buffer.from(other, 'base64url')];
  assert.deepEqual([a.length, b.length], [32, 32]);
  return a.reduce(
    (sum, byte, index) => sum + (byte ^ (b[index] ?? 0)).toString(2).replaceAll('0', '').length,
    0,
  );
}

const aRecord = (names: readonly string[]) => {
  const changes = names.map((name) => ({
    kind: 'create' as const,
    name,
    because: 'new' as const,
    to: wanted(name),
  }));
  const record = newRecord(changes, { description: '', place: aPlace(), variables: [] }, recording);
  assert.ok(record !== undefined);
  return record;
};

const value = fc.string({ unit: 'binary', maxLength: 40 });

describe('a print', () => {
  it('of values that differ in one bit looks unrelated: half of its bits are different', () => {
    // Of 256 fair coins, fewer than 70 or more than 186 show one side once in 10^12 tries.
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 40 }),
        fc.nat({ max: 15 }),
        fc.nat(),
        (text, bit, at) => {
          const index = at % text.length;
          const flipped = String.fromCharCode(text.charCodeAt(index) ^ (1 << bit));
          const other = `${text.slice(0, index)}${flipped}${text.slice(index + 1)}`;

          const bits = distance(print(text), print(other));

          assert.ok(bits >= 70 && bits <= 186, String(bits));
        },
      ),
    );
  });

  it('of one value looks unrelated for two variables, two kinds and two keys', () => {
    const other = aRecording('the client secret of tomorrow').mac;
    fc.assert(
      fc.property(value, (text) => {
        for (const one of [print(text, 'B'), print(text, 'A', false), print(text, 'A', true, other)]) {
          const bits = distance(print(text), one);
          assert.ok(bits >= 70 && bits <= 186, String(bits));
        }
      }),
    );
  });

  it('is the same only for the same name without case, kind and value, half characters too', () => {
    const half = fc.constantFrom('\ud800', '\ud801', '\udc00', 'a', '');
    const variable = fc.record({
      name: fc.constantFrom('A', 'a', 'AB', 'b'),
      isSecret: fc.boolean(),
      text: fc.oneof(half, value),
    });
    fc.assert(
      fc.property(variable, variable, (one, other) => {
        const isSame =
          one.name.toLowerCase() === other.name.toLowerCase() &&
          one.isSecret === other.isSecret &&
          one.text === other.text;

        assert.equal(
          print(one.text, one.name, one.isSecret) === print(other.text, other.name, other.isSecret),
          isSame,
        );
      }),
    );
  });

  it('of an unknown value is no print of any value', () => {
    assert.notEqual(print(''), printOf(mac, { name: 'A', isSecret: true }));
  });

  it('is not the end of one part and the beginning of the next', () => {
    assert.notEqual(mac('x', ['ab', 'c']), mac('x', ['a', 'bc']));
    assert.notEqual(mac('x', ['a', 'b']), mac('xa', ['b']));
    assert.notEqual(
      sealOf(mac, [], { group: ['a'], options: ['b'], time: 1 }),
      sealOf(mac, [], { group: ['a', 'b'], options: [], time: 1 }),
    );
  });

  it('of a key or of options is none of a value', () => {
    const labels = [keyLabel(mac), optionsLabel(mac, ['a']), optionsLabel(mac, ['b']), print('').slice(0, 4)];

    assert.equal(new Set(labels).size, 4);
  });
});

describe('the line of a record', () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[A-Z]{1,6}$/), { maxLength: 30 });

  it('is read as it was written, whatever text stands before it', () => {
    fc.assert(
      fc.property(names, fc.string({ unit: 'binary', maxLength: 400 }), (some, text) => {
        fc.pre(!/[\r\n]/.test(text));
        const record = aRecord(some);

        const description = withRecord(text, record, by);

        const [line = '', ...others] = recordsIn(description, 'shop-prod');
        assert.deepEqual([readRecord(line, by), others], [record, []]);
        assert.equal(withoutRecord(description, 'shop-prod'), text.trimEnd());
      }),
    );
  });

  it('with any character changed is damaged, another’s, or none', () => {
    const description = withRecord('', aRecord(['A', 'B']), by);
    fc.assert(
      fc.property(
        fc.nat({ max: description.length - 1 }),
        fc.string({ minLength: 1, maxLength: 1 }),
        (at, character) => {
          fc.pre(description.charAt(at).toLowerCase() !== character.toLowerCase());
          const changed = `${description.slice(0, at)}${character}${description.slice(at + 1)}`;

          for (const line of recordsIn(changed, 'shop-prod'))
            assert.equal(typeof readRecord(line, by), 'string');
        },
      ),
    );
  });

  it('keeps a description below 1,000 characters: labels go first, then the line', () => {
    const many = aRecord(Array.from({ length: 300 }, (_, index) => `NAME_${String(index)}`));
    fc.assert(
      fc.property(fc.nat({ max: 1_100 }), (length) => {
        const text = 'x'.repeat(length);
        const description = withRecord(text, aRecord(['A', 'B']), by);
        const [line] = recordsIn(description, 'shop-prod');
        const read = line === undefined ? undefined : readRecord(line, by);

        assert.ok(description.length < 1_000 || description === text);
        assert.equal(hasRoom(text, 'shop-prod'), read !== undefined);
        if (length < 800) assert.equal(typeof read === 'object' && read.labels.length, 2 * labelLength);
      }),
    );
    const [line = ''] = recordsIn(withRecord('text', many, by), 'shop-prod');
    assert.deepEqual(readRecord(line, by), { ...many, labels: '' });
  });

  it('of another sync stays where one is taken out', () => {
    const both = `a\r\n[infisical-sync-record: x 1 z]\n${withRecord('', aRecord(['A']), by)}`;

    assert.equal(withoutRecord(both, 'shop-prod'), 'a\r\n[infisical-sync-record: x 1 z]');
    assert.equal(withoutRecords(both), 'a');
  });

  it('holds one label for each secret and none for what is plain', () => {
    const held = [wanted('A'), wanted('B', 'x', false), wanted('C')];

    assert.equal(labelsOf(printsOf(mac, held)).length, 2 * labelLength);
  });
});
