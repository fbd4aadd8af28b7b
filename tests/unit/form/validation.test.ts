import assert from 'node:assert/strict';
import { parseValidation, validationMessage } from '../../../scripts/form/validation.js';

const validation = { expression: "isMatch(value, '^a+$', 'IgnoreCase')", message: 'Only a.' };

describe('validationMessage', () => {
  for (const [value, message] of [
    ['aa', ''],
    ['AA', ''],
    ['b', 'Only a.'],
    ['', 'Only a.'],
    ['$(name)', ''],
  ] as const) {
    it(`says "${message}" to "${value}"`, () => {
      assert.equal(validationMessage(validation, value), message);
    });
  }

  it('says nothing where nothing is checked', () => {
    assert.equal(validationMessage(undefined, 'b'), '');
  });
});

describe('parseValidation', () => {
  it('tells Multiline from IgnoreCase', () => {
    const lines = parseValidation("isMatch(value, '^a$', 'Multiline')");

    assert.deepEqual(
      ['a', 'A', 'b\na'].map((value) => lines.test(value)),
      [true, false, true],
    );
  });

  for (const expression of ['isUrl(value)', "isMatch(value, '^a$')", "isMatch(value, 'it''s', 'IgnoreCase')"])
    it(`refuses what it does not understand: ${expression}`, () => {
      assert.throws(() => parseValidation(expression), /is not "isMatch/);
    });
});
