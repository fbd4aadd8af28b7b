import assert from 'node:assert/strict';
import { aStep, type HeldStep } from './bench.js';

const errors = (step: HeldStep): string[] =>
  step.record.issues.filter(({ type }) => type === 'error').map(({ message }) => message);
const isNull = (what: string): string => `Value cannot be null. (Parameter '${what}')`;

describe('task.logissue', () => {
  const validated = { variables: { ENABLE_ISSUE_SOURCE_VALIDATION: 'true' }, isDebug: true };
  const sources: [source: string, properties: string, expected: string | undefined, isDebugged: boolean][] = [
    [
      'IssueSourceValidationSuccessed',
      'source=CustomerScript;correlationId=the-right-id;type=error',
      'CustomerScript',
      false,
    ],
    [
      'IssueSourceValidationFailedBecauseCorrelationIdWasInvalid',
      'source=CustomerScript;correlationId=wrong;type=error',
      undefined,
      true,
    ],
    [
      'IssueSourceValidationFailedBecauseCorrelationIdWasAbsent',
      'type=error;source=TaskInternal',
      undefined,
      false,
    ],
  ];
  for (const [source, properties, expected, isDebugged] of sources) {
    it(`TaskCommandExtensionL0 ${source}`, () => {
      const step = aStep(validated);

      step.say(`##vso[task.issue ${properties}]test error`);

      const [issue] = step.record.issues;
      assert.deepEqual(
        [issue?.message, issue?.data['type'], issue?.data['source'], issue?.data['correlationid']],
        ['test error', 'error', expected, undefined],
      );
      assert.equal(
        step.record.log.includes(
          '##[debug]The task provided an invalid correlation ID when using the task.issue command.',
        ),
        isDebugged,
      );
    });
  }

  it('fails the step for another type, and only warns without one', () => {
    const step = aStep();

    step.say('##vso[task.logissue type=notice]x', '##vso[task.logissue]x');

    assert.deepEqual(step.record.issues.map(({ type, message }) => `${type} ${message}`).slice(1), [
      'error issue type notice is not an expected issue type.',
      "warning Can't create TaskIssue from logging event.",
    ]);
  });

  it('writes a source path as compilers do, and keeps properties as data', () => {
    const step = aStep();

    step.say(
      '##vso[task.logissue type=Warning;sourcepath=/x/a.cs;linenumber=3;columnnumber=4;code=CS1]; expected',
    );

    const [issue] = step.record.issues;
    assert.deepEqual(
      [issue?.type, issue?.message, issue?.data['linenumber']],
      ['warning', '/x/a.cs(3,4): Warning CS1: ; expected', '3'],
    );
  });

  it('sends ten errors and ten warnings of a step, the rest is only in the log', () => {
    const step = aStep();

    for (let number = 1; number <= 12; number += 1)
      step.say(`##vso[task.logissue type=error]${String(number)}`, `##vso[task.logissue type=warning]w`);

    const kept = step.record.issues.filter(({ isKept }) => isKept);
    assert.deepEqual([kept.length, kept.at(-2)?.message], [20, '10']);
    assert.ok(step.record.log.includes('##[error]12'));
  });

  it('says in the data where in the log it stands', () => {
    const step = aStep();

    step.say('a', 'b', '##vso[task.logissue type=error]x');

    assert.equal(step.record.issues[0]?.data['logFileLineNumber'], '3');
  });
});

describe('task.complete', () => {
  const results: [line: string, result: string | undefined, failed: boolean][] = [
    ['result=Succeeded', 'Succeeded', false],
    ['result=SucceededWithIssues', 'SucceededWithIssues', false],
    ['result= Failed ', 'Failed', false],
    ['result=2', 'Failed', false],
    ['result=Abandoned', 'Abandoned', false],
    ['result=failed', undefined, true],
    ['result=Cancelled', undefined, true],
    ['result=', undefined, true],
    ['', undefined, true],
  ];
  for (const [properties, result, hasFailed] of results) {
    it(`reads "${properties}" as ${result ?? 'an error'}`, () => {
      const step = aStep();

      step.say(`##vso[task.complete ${properties}]done`);

      assert.equal(step.record.result, result);
      assert.equal(step.record.commandResult === 'Failed', hasFailed);
      assert.equal(errors(step)[1], hasFailed ? "Command doesn't have valid result value." : undefined);
    });
  }

  it('merges results, and what is worse than Failed stays', () => {
    const merged = [
      ['SucceededWithIssues', 'Succeeded'],
      ['Failed', 'Succeeded'],
      ['Skipped', 'Failed'],
      ['Canceled', 'Skipped'],
    ].map((results) => {
      const step = aStep();
      step.say(...results.map((result) => `##vso[task.complete result=${result}]`));
      return step.record.result;
    });

    assert.deepEqual(merged, ['SucceededWithIssues', 'Failed', 'Skipped', 'Canceled']);
  });

  it('with done=true asks for the end whatever the process does', () => {
    const asked = ['done=true', 'done=$true', 'done=1', 'done=yes', 'x=y'].map((property) => {
      const step = aStep();
      step.say(`##vso[task.complete result=Succeeded;${property}]`);
      return step.isForced();
    });

    assert.deepEqual(asked, [true, true, true, false, false]);
  });
});

describe('task.setprogress', () => {
  it('never goes back, ends at 100 and takes what is no number for 0', () => {
    const step = aStep();

    for (const value of ['10', '5', 'x', '250', '-3']) step.say(`##vso[task.setprogress value=${value}]at`);

    assert.deepEqual(
      step.record.progress.map(({ percent }) => percent),
      [10, 10, 10, 100, 100],
    );
    assert.equal(step.record.commandResult, undefined);
  });
});

describe('task.prependpath', () => {
  it('puts the last first, each path once, and fails without one', () => {
    const step = aStep();

    step.say(
      '##vso[task.prependpath]/a',
      '##vso[task.prependpath]/b',
      '##vso[task.prependpath]/a',
      '##vso[task.prependpath]',
    );

    assert.deepEqual(step.job.prependPath, ['/b', '/a']);
    assert.equal(errors(step)[1], isNull('prependpath'));
  });
});
