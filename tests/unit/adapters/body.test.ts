import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { burdenOf } from '#task/adapters/http/body.js';
import { runs } from '../../support/hostile.js';

const burden = (text: string): string | undefined => burdenOf(Buffer.from(text));

describe('burdenOf', () => {
  const deep = (levels: number): string => `${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`;
  const list = (count: number): string => `[${'1,'.repeat(count - 1)}1]`;
  const cases: [title: string, text: string, expected: string | undefined][] = [
    ['100 levels', deep(100), undefined],
    ['102 levels', deep(102), 'TOO_DEEP'],
    ['many levels, one after the other', `[${'[],'.repeat(1_000)}[]]`, undefined],
    ['1,999,998 values', list(1_999_998), undefined],
    ['two million values and one', list(2_000_001), 'TOO_MANY_VALUES'],
    ['brackets in a text', JSON.stringify('['.repeat(500)), undefined],
    ['brackets behind a quote in a text', JSON.stringify(`"${'['.repeat(500)}`), undefined],
    ['brackets behind a text that ends in a backslash', `["\\\\",${'['.repeat(200)}`, 'TOO_DEEP'],
    ['commas in a text', JSON.stringify(','.repeat(2_000_001)), undefined],
    ['a text without an end', `["${'['.repeat(500)}`, undefined],
    ['nothing', '', undefined],
  ];
  for (const [title, text, expected] of cases) {
    it(`says ${expected ?? 'nothing'} of ${title}`, () => {
      assert.equal(burden(text), expected);
    });
  }

  it('counts what is in a document, whatever its texts hold', () => {
    const count = (value: unknown): number =>
      typeof value === 'object' && value !== null
        ? Object.values(value).reduce((sum: number, one) => sum + count(one), 1)
        : 1;
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }), (value) => {
        const text = JSON.stringify(value);
        const room = 2_000_000 - count(value);

        // Empty lists count twice at most, so so many more fit, and twice as many never do.
        assert.equal(burden(`[${'1,'.repeat(Math.max(0, room - 2 * text.length))}${text}]`), undefined);
        assert.equal(burden(`[${'1,'.repeat(room + 1)}${text}]`), 'TOO_MANY_VALUES');
      }),
      runs(100),
    );
  });
});
