import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parseConfig } from '#task/config/config.js';
import { inputNames, readInputs, type InputName, type RawInputs } from '#task/config/inputs.js';
import { readTask } from '../../../scripts/form/page-file.js';
import { shownInputs } from '../../../scripts/form/visible-rule.js';

const task = readTask();
const valid: Partial<RawInputs> = {
  infisicalConnection: 'connection-1',
  infisicalProject: 'shop',
  environment: 'prod',
  variableGroup: 'web',
  azureDevOpsConnection: 'c-1',
  azureDevOpsTokenConnection: 'c-2',
};
const parsed = (given: Partial<RawInputs>) => parseConfig(readInputs((name) => given[name]));

/** For each input something that it can never be. */
const wrong: Record<InputName, string> = {
  ...(Object.fromEntries(inputNames.map((name) => [name, '$(unset)'])) as RawInputs),
  infisicalConnection: '',
  infisicalProject: 'My Shop',
  infisicalSync: 'my sync',
  environment: 'Pro duction',
  secretPath: 'api',
  recursive: 'yes',
  destination: 'job',
  azureDevOpsConnectionType: 'pat',
  authorizePipelines: 'typo',
  initialSyncBehavior: 'import',
  keySchema: 'APP',
  disableSecretDeletion: 'yes',
  syncName: 'my sync',
  action: 'snyc',
  maxDeletions: 'many',
};
const choosers = ['destination', 'action', 'azureDevOpsConnectionType'] as const;
type Choice = Record<(typeof choosers)[number], string>;
const optionsOf = (name: string): string[] =>
  Object.keys(task.inputs.find((input) => input.name === name)?.options ?? {});

/** Whether the form would show it for one of the choices that are left open by what is mistyped. */
function mayCount(name: InputName, chosen: Choice, mistyped: readonly InputName[]): boolean {
  const open = choosers.find((chooser) => mistyped.includes(chooser));
  if (open === undefined) return shownInputs(task, { ...chosen }).some((input) => input.name === name);
  const rest = mistyped.filter((other) => other !== open);
  return optionsOf(open).some((option) => mayCount(name, { ...chosen, [open]: option }, rest));
}

describe('every problem of the inputs', () => {
  const choice = fc.record({
    destination: fc.constantFrom(...optionsOf('destination')),
    action: fc.constantFrom(...optionsOf('action')),
    azureDevOpsConnectionType: fc.constantFrom(...optionsOf('azureDevOpsConnectionType')),
  });

  it('is named in one error, whatever else is wrong', () => {
    fc.assert(
      fc.property(choice, fc.subarray([...inputNames], { minLength: 1 }), (chosen, broken) => {
        const given = {
          ...valid,
          ...chosen,
          ...Object.fromEntries(broken.map((name) => [name, wrong[name]])),
        };
        // What the form hides can be hidden by a choice that is itself hidden, and then counts for nothing.
        const expected = broken.filter((name) => mayCount(name, chosen, broken));

        let problems: readonly string[] = [];
        try {
          parsed(given);
        } catch (error) {
          problems = (error as { problems: string[] }).problems;
        }

        const named = expected.filter((name) =>
          problems.some((line) => line.startsWith(`${name}: `) || line.includes(`"${name}"`)),
        );
        assert.deepEqual(named, expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it('holds for a name of the group that is missing beside a sync of Infisical', () => {
    const problemsOf = (rest: Partial<RawInputs>): string[] => {
      try {
        parsed({ ...valid, environment: '', infisicalSync: 'wizard', variableGroup: '', ...rest });
        return [];
      } catch (error) {
        return (error as { problems: string[] }).problems;
      }
    };

    assert.deepEqual(
      problemsOf({ maxDeletions: 'many' }).map((problem) => problem.split(':')[0]),
      ['variableGroup', 'maxDeletions'],
    );
    assert.deepEqual(problemsOf({}), [], 'alone it waits for the name that the sync proposes');
  });

  it('proposes no name of a group that is made of what is wrong', () => {
    const wrongPlace = { infisicalProject: '$(project)', environment: 'my env', variableGroup: '' };

    assert.throws(() => parsed({ ...valid, ...wrongPlace }), {
      message: /\n- variableGroup: is empty\. Enter the name of the variable group to write\. The/,
    });
  });

  it('holds for misspelled inputs beside wrong ones', () => {
    assert.throws(
      () =>
        parseConfig(
          readInputs((name) => ({ ...valid, action: 'snyc' })[name]),
          ['ENVIROMENT'],
        ),
      {
        message: /^Fix these inputs:\n- Unknown input "enviroment".*\n- action: is "snyc"/,
      },
    );
  });

  it('does not hold for a key schema that only the sync of Infisical knows', () => {
    const given = { ...valid, environment: '', infisicalSync: 'wizard', destination: 'pipelineDefinition' };

    assert.doesNotThrow(() => parsed({ ...given, action: 'remove' }));
  });
});
