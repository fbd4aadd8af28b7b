import assert from 'node:assert/strict';
import { aStep } from './bench.js';

const value = 'a-value-that-is-secret';

describe('task.setvariable', () => {
  const flags: [properties: string, isSecret: boolean][] = [
    ['variable=a;issecret=true', true],
    ['variable=a;isSecret= True ', true],
    ['variable=a;issecret=1', false],
    ['variable=a; issecret=true', false],
    ['variable=a;issecret=yes', false],
  ];
  for (const [properties, isSecret] of flags) {
    it(`makes a ${isSecret ? 'secret' : 'public'} variable for "${properties}"`, () => {
      const step = aStep();

      step.say(`##vso[task.setvariable ${properties}]${value}`);

      assert.deepEqual(
        [step.job.variables.get('a')?.value, step.job.variables.get('a')?.isSecret],
        [value, isSecret],
      );
    });
  }

  it('fails without a name', () => {
    const step = aStep();

    step.say('##vso[task.setvariable variable=;issecret=true]x');

    assert.equal(
      step.record.issues[1]?.message,
      "Value cannot be null. (Parameter 'Required field 'variable' is missing in ##vso[task.setvariable] command.')",
    );
  });

  it('registers the escaped form of a secret first and then the value', () => {
    const step = aStep();

    step.say('##vso[task.setvariable variable=a;issecret=true]50%AZP25;x');

    assert.deepEqual(step.job.masker.added, ['50%AZP25%3Bx', '50%;x']);
  });

  it('also registers the decoded form where percents stay encoded', () => {
    const step = aStep({ variables: { DECODE_PERCENTS: 'false' } });

    step.say('##vso[task.setvariable variable=a;issecret=true]50%AZP25');

    assert.deepEqual(step.job.masker.added, ['50%AZP25', '50%', '50%AZP25']);
  });

  it('sets an output under the name of the step and not under its own, read-only', () => {
    const step = aStep();

    step.say(
      '##vso[task.setvariable variable=a;isOutput=true]x',
      '##vso[task.setvariable variable=a;isOutput=true]y',
    );

    assert.equal(step.job.variables.get('a'), undefined);
    assert.deepEqual(
      [step.job.variables.get('step.a')?.value, step.job.variables.isReadOnly('step.a'), step.record.outputs],
      ['y', true, { a: 'y' }],
    );
  });

  it('takes a name that task.json lists for an output, whatever its case, but leaves it writable', () => {
    const step = aStep({ outputNames: ['result'] });

    step.say('##vso[task.setvariable variable=RESULT]x');

    assert.deepEqual(
      [step.job.variables.get('step.result')?.value, step.job.variables.isReadOnly('step.result')],
      ['x', false],
    );
  });

  it('keeps the case of a name in the environment when asked to', () => {
    const step = aStep();

    step.say('##vso[task.setvariable variable=aB;preserveCase=true]x');

    assert.equal(step.job.variables.get('AB')?.keepsCase, true);
  });
});

describe('a read-only variable', () => {
  const locked = { Locked: { value: 'before', isReadOnly: true } };

  for (const name of ['Locked', 'LOCKED']) {
    it(`can't be set as ${name}`, () => {
      const step = aStep({ variables: locked });

      step.say(`##vso[task.setvariable variable=${name}]x`);

      assert.equal(
        step.record.issues[1]?.message,
        `Overwriting readonly variable '${name}' is not permitted. See https://github.com/microsoft/azure-pipelines-yaml/blob/master/design/readonly-variables.md for details.`,
      );
      assert.deepEqual(
        [step.job.variables.get('locked')?.value, step.record.commandResult],
        ['before', 'Failed'],
      );
    });
  }

  it('is overwritten with a warning where agent.readOnlyVariables is not true', () => {
    const step = aStep({ variables: { ...locked, 'agent.readOnlyVariables': 'false' } });

    step.say('##vso[task.setvariable variable=Locked]x');

    assert.deepEqual([step.job.variables.get('locked')?.value, step.record.commandResult], ['x', undefined]);
    assert.match(
      step.record.log[0] ?? '',
      /^##\[warning\]Overwriting readonly variable 'Locked'\. This behavior/,
    );
  });

  it('can be one that a step itself made so', () => {
    const step = aStep();

    step.say('##vso[task.setvariable variable=a;isReadOnly=true]x', '##vso[task.setvariable variable=a]y');

    assert.equal(step.job.variables.get('a')?.value, 'x');
  });
});

describe('a secret of several lines', () => {
  const command = `##vso[task.setvariable variable=a;issecret=true]${value}%0Asecond`;
  const cases: [title: string, settings: Parameters<typeof aStep>[0], line: string, isTaken: boolean][] = [
    ['is refused on Linux', {}, command, false],
    ['passes on Windows, where a line ends with CR LF', { platform: 'windows' }, command, true],
    ['is refused on Windows with CR LF', { platform: 'windows' }, command.replace('%0A', '%0D%0A'), false],
    ['with a lone CR passes', {}, command.replace('%0A', '%0D'), true],
    [
      'passes where a variable allows it',
      { variables: { SYSTEM_UNSAFEALLOWMULTILINESECRET: 'true' } },
      command,
      true,
    ],
    [
      'passes where the agent allows it',
      { environment: { SYSTEM_UNSAFEALLOWMULTILINESECRET: '1' } },
      command,
      true,
    ],
    ['is refused as a task variable, too', {}, command.replace('setvariable', 'settaskvariable'), false],
    ['passes as what is only to be masked', {}, `##vso[task.setsecret]${value}%0Asecond`, true],
    ['passes when it is no secret', {}, command.replace('issecret=true', ''), true],
  ];
  for (const [title, settings, line, isTaken] of cases) {
    it(title, () => {
      const step = aStep(settings);

      step.say(line);

      assert.equal(step.record.commandResult, isTaken ? undefined : 'Failed');
      assert.equal(
        step.record.issues[1]?.message,
        isTaken ? undefined : 'Secrets cannot contain multiple lines',
      );
    });
  }

  it('is allowed to a whole job by a task that sets the variable itself', () => {
    const step = aStep();

    step.say('##vso[task.setvariable variable=SYSTEM_UNSAFEALLOWMULTILINESECRET]true', command);

    assert.equal(step.job.variables.get('a')?.isSecret, true);
  });
});

describe('the ways in which setting a secret shows it', () => {
  const shows = (step: ReturnType<typeof aStep>): [log: boolean, issue: boolean] => [
    step.record.log.some((line) => line.includes(value)),
    step.record.issues.some(({ message }) => message.includes(value)),
  ];
  const readOnly = { variables: { a: { value: 'x', isReadOnly: true } } };

  it('a read-only name shows it, in the log and in the issue', () => {
    const step = aStep(readOnly);

    step.say(`##vso[task.setvariable variable=a;issecret=true]${value}`);

    assert.deepEqual(shows(step), [true, true]);
  });

  it('a refused line break shows it', () => {
    const step = aStep();

    step.say(`##vso[task.setvariable variable=a;issecret=true]${value}%0Ay`);

    assert.deepEqual(shows(step), [true, true]);
  });

  it('masking it before keeps it hidden', () => {
    const step = aStep(readOnly);

    step.say(`##vso[task.setsecret]${value}`, `##vso[task.setvariable variable=a;issecret=true]${value}`);

    assert.deepEqual(shows(step), [false, false]);
  });

  it('masking only the value does not hide what went over the wire', () => {
    const escaped = `${value}%3B`;
    const step = aStep(readOnly);

    step.say(
      `##vso[task.setsecret]${value.slice(1)}x`,
      `##vso[task.setvariable variable=a;issecret=true]${escaped}`,
    );

    assert.deepEqual(shows(step), [true, true]);
  });

  it('a limit on what may be set does not show it', () => {
    const step = aStep({ restrictions: [{ isRestrictedMode: false, settable: [] }] });

    step.say(`##vso[task.setvariable variable=a;issecret=true]${value}`, value);

    assert.deepEqual(shows(step), [false, false]);
  });

  it('a missing name shows it', () => {
    const step = aStep();

    step.say(`##vso[task.setvariable issecret=true]${value}`);

    assert.deepEqual(shows(step), [true, true]);
  });

  it('a command that is cut in half shows it', () => {
    const step = aStep();

    step.say(`##vso[task.setvariable variable=a;issecret=true`, value);

    assert.deepEqual(shows(step), [true, false]);
  });
});

describe('task.settaskvariable', () => {
  it('is kept apart from the job, and a secret one is masked', () => {
    const step = aStep();

    step.say('##vso[task.settaskvariable variable=a;issecret=true]x');

    assert.deepEqual(
      [
        step.taskVariables.get('a')?.value,
        step.taskVariables.get('a')?.isSecret,
        step.job.variables.get('a'),
      ],
      ['x', true, undefined],
    );
  });

  it('may be read-only and needs a name', () => {
    const step = aStep();

    step.say(
      '##vso[task.settaskvariable variable=a;isreadonly=true]x',
      '##vso[task.settaskvariable variable=a]y',
      '##vso[task.settaskvariable]y',
    );

    assert.match(
      step.record.issues[1]?.message ?? '',
      /^Overwriting readonly task variable 'a' is not permitted/,
    );
    assert.match(
      step.record.issues[3]?.message ?? '',
      /Required field 'variable' is missing in ##vso\[task\.settask/,
    );
  });
});

describe('task.setsecret', () => {
  it('masks from then on, and nothing is no error', () => {
    const step = aStep();

    step.say(value, `##vso[task.setsecret]${value}`, value, '##vso[task.setsecret]');

    assert.deepEqual([step.record.log, step.record.commandResult], [[value, '***'], undefined]);
  });
});
