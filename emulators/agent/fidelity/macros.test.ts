import assert from 'node:assert/strict';
import { environmentName, expandMacros } from '../macros.js';

describe('macros', () => {
  const table: Record<string, string> = { variable1: '$(variable2)', variable2: 'two', one: '1' };
  const vectors: [source: string, text: string, expected: string][] = [
    ['VariablesL0 ExpandValues_DoesNotRecurse', 'before $(variable1) after', 'before $(variable2) after'],
    ['VariablesL0 ExpandValues_HandlesConsecutiveMacros', '$(one)$(variable2)', '1two'],
    ['VariablesL0 ExpandValues_HandlesPreceedingPrefix', 'before $($(one) after', 'before $(1 after'],
    ['VarUtil.cs: unknown names stay', '$(nope) $() $(one', '$(nope) $() $(one'],
    ['VarUtil.cs: a value that opens a macro does not close one', '$(variable1))', '$(variable2))'],
  ];
  for (const [source, text, expected] of vectors) {
    it(`${source}: ${text}`, () => {
      assert.equal(
        expandMacros(text, (name) => table[name]),
        expected,
      );
    });
  }
});

describe('the name of an environment variable', () => {
  for (const [name, expected] of [
    ['system.debug', 'SYSTEM_DEBUG'],
    ['my var.x', 'MY_VAR_X'],
    ['my-var', 'MY-VAR'],
    ['a/b(c)', 'A/B(C)'],
  ] as const) {
    it(`is ${expected} for ${name}`, () => {
      assert.equal(environmentName(name), expected);
    });
  }

  it('keeps its case when the variable does', () => {
    assert.equal(environmentName('My.Var', true), 'My_Var');
  });
});
