import assert from 'node:assert/strict';
import { parseConfig } from '#task/config/config.js';
import { readInputs, type RawInputs } from '#task/config/inputs.js';

const given: Partial<RawInputs> = {
  infisicalConnection: 'connection-1',
  infisicalProject: 'shop',
  environment: 'prod',
  variableGroup: 'web',
};
const settingsOf = (rest: Partial<RawInputs>) =>
  parseConfig(readInputs((name) => ({ ...given, ...rest })[name])).settings;

describe('what a person reviews', () => {
  const digest = `1.${'w'.repeat(22)}.state_.option.rowA-rowB_`;

  it('is a plan by its digest, or none', () => {
    assert.equal(settingsOf({ approvedPlan: digest }).approvedPlan, digest);
    assert.equal(settingsOf({}).approvedPlan, '');
  });

  for (const text of ['yes', `${digest}.x`, digest.slice(2), '1.a.b.c', `${digest} `.replace('.', '. ')]) {
    it(`is never ${JSON.stringify(text)}`, () => {
      assert.throws(() => settingsOf({ approvedPlan: text }), {
        message:
          /\n- approvedPlan: is ".*", which is not the planDigest of a plan\. Pass the output variable/,
      });
    });
  }

  it('has no check where there is nothing to check', () => {
    assert.throws(() => settingsOf({ action: 'check', destination: 'pipelineVariables' }), {
      message:
        /\n- action: is "check", but no variables of a run exist before it, so there is nothing to compare/,
    });
  });

  for (const [chosen, hidden] of [
    [{ action: 'plan' }, ['approvedPlan', 'autoSync']],
    [{ action: 'check' }, ['approvedPlan', 'autoSync', 'authorizePipelines']],
    [{ action: 'remove' }, ['approvedPlan', 'detectChanges']],
    [{ destination: 'pipelineDefinition' }, ['detectChanges']],
    [{ destination: 'pipelineVariables' }, ['detectChanges']],
  ] as const) {
    it(`is not bothered by ${hidden.join(' and ')} with ${Object.values(chosen).join()}`, () => {
      const wrong = Object.fromEntries(hidden.map((name) => [name, 'wrong']));

      assert.deepEqual(settingsOf({ ...chosen, ...wrong }).approvedPlan, '');
    });
  }
});
