import assert from 'node:assert/strict';
import { inputNames, readInputs } from '#task/config/inputs.js';

describe('readInputs', () => {
  it('reads every input once, trimmed, and gives an empty text for what is not there', () => {
    const asked: string[] = [];

    const inputs = readInputs((name) => {
      asked.push(name);
      return name === 'tags' ? ' a ' : undefined;
    });

    assert.deepEqual(asked, [...inputNames]);
    assert.deepEqual([inputs.tags, inputs.environment], ['a', '']);
  });
});
