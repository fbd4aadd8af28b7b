import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { defaultsOf } from '../../../scripts/form/definition.js';
import { readTask } from '../../../scripts/form/page-file.js';
import { instanceName, missingLabels, stepYaml } from '../../../scripts/form/step.js';

const task = readTask();
const values = (given: Record<string, string> = {}): Record<string, string> => ({
  ...defaultsOf(task.inputs),
  ...given,
});
const inputsOf = (yaml: string): unknown => (parse(yaml) as { inputs?: unknown }[])[0]?.inputs;

describe('stepYaml', () => {
  it('is the task alone while nothing differs from the defaults', () => {
    assert.equal(stepYaml(task, values()), '- task: InfisicalSecretSync@1\n');
  });

  it('holds what differs, in the order of the form, switches as booleans', () => {
    const yaml = stepYaml(
      task,
      values({
        includeImports: 'false',
        infisicalProject: 'shop',
        variableGroup: 'shop-prod',
        secretPath: '/',
      }),
    );

    assert.equal(
      yaml,
      '- task: InfisicalSecretSync@1\n  inputs:\n    infisicalProject: shop\n    includeImports: false\n    variableGroup: shop-prod\n',
    );
  });

  it('leaves out what is hidden, whatever is in it', () => {
    const yaml = stepYaml(
      task,
      values({ destination: 'pipelineVariables', variableGroup: 'x', keySchema: 'A_{{secretKey}}' }),
    );

    assert.deepEqual(inputsOf(yaml), { destination: 'pipelineVariables', keySchema: 'A_{{secretKey}}' });
  });

  it('says that a field was emptied whose default is not empty', () => {
    assert.deepEqual(inputsOf(stepYaml(task, values({ secretPath: '  ' }))), { secretPath: '' });
  });

  it('keeps text as text, whatever it looks like in YAML', () => {
    for (const text of [
      '42',
      'true',
      'null',
      '$(var)',
      'a: b',
      '# no',
      "it's",
      '"',
      '{{secretKey}}_A',
      '-',
      '@x',
      '0x1F',
    ])
      assert.deepEqual(
        inputsOf(stepYaml(task, values({ variableGroup: text }))),
        { variableGroup: text },
        text,
      );
  });

  it('names the step only when somebody named it', () => {
    assert.equal(
      stepYaml(task, values(), 'Secrets: all'),
      '- task: InfisicalSecretSync@1\n  displayName: "Secrets: all"\n',
    );
  });
});

describe('missingLabels', () => {
  it('lists required fields that are shown and empty', () => {
    assert.deepEqual(missingLabels(task, values({ environment: 'prod', infisicalProject: ' ' })), [
      ...['Infisical connection', 'Infisical project', 'Variable group'],
    ]);
    assert.deepEqual(
      missingLabels(
        task,
        values({
          environment: 'e',
          infisicalProject: 'p',
          infisicalConnection: 'c',
          destination: 'pipelineVariables',
        }),
      ),
      [],
    );
  });
});

describe('instanceName', () => {
  const named = (instanceNameFormat: string, given: Record<string, string>): string =>
    instanceName({ ...task, instanceNameFormat }, given);

  it('replaces inputs by their values and leaves nothing of those that are empty or unknown', () => {
    assert.equal(named('$(environment) to $(tags)$(nothing)', { environment: 'prod', tags: '' }), 'prod to ');
  });

  it('puts the default for an input that is empty, as the classic editor does', () => {
    assert.equal(named('$(secretPath) $(action)', { secretPath: '' }), '/ sync');
  });
});
