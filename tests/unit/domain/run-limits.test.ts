import assert from 'node:assert/strict';
import { environmentForm } from '#task/domain/environment-name.js';
import { unsettable } from '#task/domain/run-variables.js';
import { environmentBytes } from '#task/domain/variable-value.js';
import { wanted } from '../../support/builders.js';

const isRefused = (variables: ReturnType<typeof wanted>[], decodesPercents = true): boolean =>
  unsettable(variables, { decodesPercents }).length > 0;

describe('the variables of a run', () => {
  it('may have names of 32,766 characters as a list, and not one more', () => {
    const name = (length: number) => [wanted('N'.repeat(length - '[""]'.length), 'x')];

    assert.deepEqual([isRefused(name(32_766)), isRefused(name(32_767))], [false, true]);
  });

  it('may take a megabyte with what an environment adds to each, and not a byte more', () => {
    const filling = (bytes: number): ReturnType<typeof wanted>[] => {
      const full = Array.from({ length: 32 }, (_, index) => wanted(`V${String(index)}`, 'x'.repeat(32_000)));
      const taken = full.reduce((sum, variable) => sum + environmentBytes(variable) + 8, 0);
      const rest = bytes - taken - (environmentBytes(wanted('REST', '')) + 8);
      return [...full, wanted('REST', 'x'.repeat(rest))];
    };

    assert.deepEqual([isRefused(filling(1_048_576)), isRefused(filling(1_048_577))], [false, true]);
  });

  it('may have percent codes in name and value only where the agent decodes percents', () => {
    for (const variable of [wanted('A%3B', 'x'), wanted('A', '%0D')])
      assert.deepEqual([isRefused([variable]), isRefused([variable], false)], [false, true]);
    assert.equal(isRefused([wanted('A%', 'x%')], false), false);
  });
});

describe('the environment form of a name', () => {
  it('is what the most forgiving reader sees', () => {
    for (const [name, form] of [
      ['node.options', 'NODE_OPTIONS'],
      ['Ä', 'A'],
      ['ſ', 'S'],
      ['ẞ', 'SS'],
      ['ＮＯＤＥ', 'NODE'],
      ['a\u200bb', 'AB'],
    ] as const)
      assert.equal(environmentForm(name), form);
  });
});
