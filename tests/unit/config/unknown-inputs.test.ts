import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { inputNames } from '#task/config/inputs.js';
import { judgeUnknownInputs } from '#task/config/unknown-inputs.js';
import { hostileText, runs } from '../../support/hostile.js';
import { assertInertLine } from '../../support/inert.js';

const asHandedOver = (name: string): string => name.replace(/[. ]/g, '_').toUpperCase();
const judge = (...names: string[]) => judgeUnknownInputs(names.map(asHandedOver));

describe('judgeUnknownInputs', () => {
  it('says nothing of an input that the task has, however it is spelled', () => {
    assert.deepEqual(judge(...inputNames, 'secretpath', 'ACTION', 'variablegroup'), {
      problems: [],
      notices: [],
    });
  });

  for (const [typed, meant] of [
    ['acton', 'action'],
    ['actoin', 'action'],
    ['actions', 'action'],
    ['atcoin', 'action'],
    ['enviroment', 'environment'],
    ['environnement', 'environment'],
    ['maxDeletion', 'maxDeletions'],
    ['max_deletions', 'maxDeletions'],
    ['maximDeletions', 'maxDeletions'],
    ['maxDeletes', 'maxDeletions'],
    ['tag', 'tags'],
    ['secret path', 'secretPath'],
    ['secret-path', 'secretPath'],
    ['secretsPath', 'secretPath'],
    ['aprovedPlan', 'approvedPlan'],
    ['approvePlan', 'approvedPlan'],
    ['disableSecretsDeletion', 'disableSecretDeletion'],
    ['disableSecretDeletions', 'disableSecretDeletion'],
    ['allowEmptySources', 'allowEmptySource'],
    ['autosnyc', 'autoSync'],
    ['plainTags', 'plainTag'],
    ['initialSyncBehaviour', 'initialSyncBehavior'],
    ['infisicalProjectId', 'infisicalProject'],
    ['azureDevopsConection', 'azureDevOpsConnection'],
    ['variableGroups', 'variableGroup'],
    ['keyShema', 'keySchema'],
    ['azure-dev ops_conection-type', 'azureDevOpsConnectionType'],
  ] as const) {
    it(`takes "${typed}" for "${meant}", misspelled`, () => {
      const shown = asHandedOver(typed);

      assert.deepEqual(judge(typed), {
        problems: [
          `Unknown input "${shown.toLowerCase()}" (environment variable "INPUT_${shown}"). Did you mean "${meant}"?`,
        ],
        notices: [],
      });
    });
  }

  for (const typed of [
    'dryRun',
    'token',
    'path',
    'name',
    'key',
    'targetType',
    'script',
    'workingDirectory',
    'ation-plan-of-mine',
    'sync',
    'a',
    '',
    '_',
    'x'.repeat(100_000),
  ]) {
    it(`only tells of "${typed.slice(0, 20)}"`, () => {
      const { problems, notices } = judge(typed);

      assert.deepEqual([problems, notices.length], [[], 1]);
      assert.match(notices[0] ?? '', /^Unknown inputs are ignored: "[^"]{0,201}"\.$/);
    });
  }

  it('names all at once, each once', () => {
    assert.deepEqual(judge('dryRun', 'force', 'acton', 'enviroment', 'Acton'), {
      problems: [
        'Unknown input "acton" (environment variable "INPUT_ACTON"). Did you mean "action"?',
        'Unknown input "enviroment" (environment variable "INPUT_ENVIROMENT"). Did you mean "environment"?',
      ],
      notices: ['Unknown inputs are ignored: "dryrun" and "force".'],
    });
  });

  it('says nothing that acts in a log, whatever the names', () => {
    const close = hostileText.map((text) => `TAG${text.slice(0, 1)}`);
    fc.assert(
      fc.property(fc.array(fc.oneof(hostileText, close), { maxLength: 20 }), (names) => {
        const { problems, notices } = judgeUnknownInputs(names);

        for (const line of [...problems, ...notices]) {
          assertInertLine(line);
          assert.ok(line.length < 2_500);
        }
      }),
      runs(1_000),
    );
  });
});
