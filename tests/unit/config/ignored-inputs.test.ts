import assert from 'node:assert/strict';
import { parseConfig } from '#task/config/config.js';
import { isDefault } from '#task/config/form.js';
import { readInputs, type InputName, type RawInputs } from '#task/config/inputs.js';
import { readTask } from '../../../scripts/form/page-file.js';

const task = readTask();
const valid: Partial<RawInputs> = {
  infisicalConnection: 'connection-1',
  infisicalProject: 'shop',
  environment: 'prod',
};
const parsed = (given: Partial<RawInputs>) => parseConfig(readInputs((name) => given[name]));
const noticesOf = (rest: Partial<RawInputs>) => {
  const group = (rest.destination ?? 'variableGroup') === 'variableGroup' ? { variableGroup: 'web' } : {};
  return parsed({ ...valid, ...group, ...rest }).notices;
};

describe('an input that does not apply', () => {
  it('is named, with the reason, where somebody filled it in', () => {
    assert.deepEqual(
      noticesOf({ destination: 'pipelineVariables', variableGroup: 'web', maxDeletions: '5' }),
      [
        'The input variableGroup is ignored. It applies only when destination is "variableGroup"; here it is "pipelineVariables".',
        'The input maxDeletions is ignored. It applies only when destination is "variableGroup" or "pipelineDefinition"; here it is "pipelineVariables".',
      ],
    );
    assert.deepEqual(noticesOf({ action: 'plan', autoSync: 'false', authorizePipelines: 'thisPipeline' }), [
      'The input authorizePipelines is ignored. It applies only when action is "sync"; here it is "plan".',
      'The input autoSync is ignored. It applies only when action is "sync" or "remove"; here it is "plan".',
    ]);
    assert.deepEqual(noticesOf({ azureDevOpsConnection: '$(connection)' }), [
      'The input azureDevOpsConnection is ignored. It applies only when azureDevOpsConnectionType is "entra"; here it is "currentPipeline".',
    ]);
  });

  it('is not named where it applies', () => {
    assert.deepEqual(
      noticesOf({ maxDeletions: '5', authorizePipelines: 'thisPipeline', autoSync: 'false' }),
      [],
    );
  });

  it('is not named with the default that forms send for hidden fields', () => {
    const defaults = Object.fromEntries(
      task.inputs.flatMap(({ name, defaultValue }) =>
        defaultValue === undefined ? [] : [[name, defaultValue]],
      ),
    ) as Partial<RawInputs>;

    for (const destination of ['variableGroup', 'pipelineVariables', 'pipelineDefinition'])
      for (const action of ['sync', 'plan'])
        assert.deepEqual(noticesOf({ ...defaults, destination, action }), [], `${destination} ${action}`);
    assert.deepEqual(noticesOf({ destination: 'pipelineVariables', autoSync: 'True' }), []);
  });

  it('is named beside a sync of Infisical, once that was read', () => {
    const config = parsed({
      ...valid,
      variableGroup: 'web',
      environment: '',
      infisicalSync: 'wizard',
      pipelineId: '7',
    });

    const complete = config.takeOver?.complete({
      name: 'wizard',
      description: 'text',
      runsByItself: false,
      environment: { slug: 'prod', name: 'Production' },
      secretPath: '/',
      recursive: false,
      keySchema: '',
      disableSecretDeletion: false,
      teamProject: { id: 'id', name: 'Shop' },
    });

    assert.match(config.notices.join(' '), /The input pipelineId is ignored/);
    assert.deepEqual(complete?.notices, config.notices);
  });
});

describe('isDefault', () => {
  for (const { name, defaultValue } of task.inputs) {
    if (defaultValue === undefined) continue;
    it(`holds for the default of ${name} in task.json`, () => {
      assert.equal(isDefault(name as InputName, defaultValue), true);
    });
  }

  it('holds for nothing that is wrong', () => {
    assert.equal(isDefault('autoSync', 'yes'), false);
  });
});
