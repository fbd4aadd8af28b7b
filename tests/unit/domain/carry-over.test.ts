import assert from 'node:assert/strict';
import { carryOver } from '#task/domain/carry-over.js';
import type { Change } from '#task/domain/plan.js';
import { wanted } from '../../support/builders.js';

const create = (name: string): Change => ({ kind: 'create', name, because: 'new', to: wanted(name) });
const update = (name: string): Change => ({ kind: 'update', name, because: 'different', to: wanted(name) });
const rewrite = (name: string): Change => ({
  kind: 'rewrite',
  name,
  because: 'never recorded',
  to: wanted(name),
});
const gone = (name: string): Change => ({ kind: 'delete', name, because: 'not in Infisical' });
const same = (name: string): Change => ({ kind: 'keep', name, because: 'same', to: wanted(name) });
const others = (name: string): Change => ({ kind: 'keep', name, because: 'belongs to another sync' });

const rows = (changes: Change[]): string[] => changes.map(({ kind, name }) => `${kind} ${name}`);

describe('what a run that planned twice did to a variable', () => {
  for (const first of [create, update, rewrite])
    for (const [title, later] of [
      ['would only be written again', rewrite('a')],
      ['is the same by then', same('a')],
    ] as const) {
      it(`is what the first round did, a ${first('A').kind}, where it ${title}`, () => {
        assert.deepEqual(carryOver([first('A')], [later]), [first('A')]);
      });
    }

  for (const [first, later] of [
    [create('A'), update('A')],
    [create('A'), gone('A')],
    [create('A'), others('A')],
    [same('A'), rewrite('A')],
    [others('A'), same('A')],
    [gone('A'), create('A')],
    [gone('A'), rewrite('A')],
  ] as const) {
    it(`is what the later round did: ${first.kind}, ${later.kind} (${later.because})`, () => {
      assert.deepEqual(carryOver([first], [later]), [later]);
    });
  }

  it('is a deletion, too, though nothing is left to plan, and nothing else of what is not there any more', () => {
    assert.deepEqual(rows(carryOver([gone('B'), create('C'), same('D')], [])), ['delete B']);
  });

  it('is told once, by name', () => {
    assert.deepEqual(rows(carryOver([gone('b'), gone('D')], [create('a'), create('C'), create('B')])), [
      'create a',
      'create B',
      'create C',
      'delete D',
    ]);
    assert.deepEqual(rows(carryOver([], [create('A')])), ['create A']);
  });
});
