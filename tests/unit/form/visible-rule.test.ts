import assert from 'node:assert/strict';
import type { TaskDefinition } from '../../../scripts/form/definition.js';
import { isShown, parseRule, shownInputs } from '../../../scripts/form/visible-rule.js';

describe('a visible rule', () => {
  const shown: [rule: string | undefined, values: Record<string, string>, expected: boolean][] = [
    [undefined, {}, true],
    ['', {}, true],
    ['kind = group', { kind: 'group' }, true],
    ['kind == group', { kind: 'run' }, false],
    ['kind != group', { kind: 'run' }, true],
    ['kind != group', {}, true],
    ['kind = ""', {}, true],
    ['kind = ""', { kind: 'x' }, false],
    ['file EndsWith .war', { file: 'a.war' }, true],
    ['file NotEndsWith .war', { file: 'a.war' }, false],
    ['kind = two words', { kind: 'two words' }, true],
    ['a = x && b = y', { a: 'x', b: 'y' }, true],
    ['a = x && b = y', { a: 'x' }, false],
    ['a = x || b = y', { b: 'y' }, true],
    ['a = x || b = y', {}, false],
  ];
  for (const [rule, values, expected] of shown) {
    it(`${expected ? 'shows' : 'hides'} with ${JSON.stringify(values)}: ${String(rule)}`, () => {
      assert.equal(isShown(rule, values), expected);
    });
  }

  for (const rule of [
    'a=x',
    'a = x-y',
    'a = x_y',
    'a = x/y',
    '(a = x)',
    'a < 1',
    'a = x && b = y || c = z',
    ' ',
  ]) {
    it(`is refused, as Azure DevOps does: "${rule}"`, () => {
      assert.throws(() => parseRule(rule), /is not "input operator value"|mixes/);
    });
  }
});

describe('shownInputs', () => {
  const input = (
    name: string,
    groupName: string,
    visibleRule?: string,
  ): TaskDefinition['inputs'][number] => ({
    ...{ name, groupName, type: 'string', label: name, helpMarkDown: '' },
    ...(visibleRule === undefined ? {} : { visibleRule }),
  });
  const task = {
    groups: [
      { name: 'one', displayName: 'One', isExpanded: true },
      { name: 'two', displayName: 'Two', isExpanded: true, visibleRule: 'a != hide' },
    ],
    inputs: [input('a', 'one'), input('b', 'one', 'a = show'), input('c', 'two'), input('d', 'two', 'b = x')],
  } as TaskDefinition;
  const names = (values: Record<string, string>): string =>
    shownInputs(task, values)
      .map(({ name }) => name)
      .join('');

  it('hides by an input’s own rule and by that of its group', () => {
    assert.equal(names({ a: 'show' }), 'abc');
    assert.equal(names({ a: 'hide', b: 'x' }), 'a');
  });

  it('lets a hidden input decide by what is in it, as Azure DevOps does', () => {
    assert.equal(names({ b: 'x' }), 'acd');
  });
});
