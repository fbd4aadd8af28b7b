import assert from 'node:assert/strict';
import { inputsIn } from '#task/adapters/agent/given-inputs.js';

describe('inputsIn', () => {
  it('gives the names of all inputs, and nothing else of the environment', () => {
    const env = { INPUT_ACTION: 'plan', INPUT_ACTON: '', INPUT: 'x', SECRET_INPUT_X: 'x', MY_INPUT_X: 'x' };

    assert.deepEqual(inputsIn(env), ['ACTION', 'ACTON']);
  });

  it('leaves out pipeline variables whose names look like inputs there', () => {
    const variables = ['input.acton', 'INPUT_TAG', 'Input x', 'other'];
    const env = {
      INPUT_ACTON: 'x',
      INPUT_TAG: 'x',
      INPUT_x: 'x',
      INPUT_TAGS: 'x',
      VSTS_PUBLIC_VARIABLES: JSON.stringify(variables),
    };

    assert.deepEqual(inputsIn(env), ['TAGS']);
  });

  for (const list of [undefined, '', '{', 'null', '{"a":1}', '[1, null]']) {
    it(`takes all for inputs where the agent’s list of variables is ${String(list)}`, () => {
      assert.deepEqual(inputsIn({ INPUT_ACTON: 'x', VSTS_PUBLIC_VARIABLES: list }), ['ACTON']);
    });
  }
});
