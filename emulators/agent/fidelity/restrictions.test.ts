import assert from 'node:assert/strict';
import { restrictionsOf, type Restriction } from '../restrictions.js';
import { aStep, runTask } from './bench.js';

const only = (...settable: string[]): Restriction => ({ isRestrictedMode: false, settable });

describe('limits on what may be set', () => {
  const vectors: [source: string, restrictions: Restriction[], settable: string[], refused: string[]][] = [
    ['NoRestrictions', [], ['myVar'], []],
    ['NullVariableRestrictions', [{ isRestrictedMode: false, settable: undefined }], ['myVar'], []],
    ['EmptyAllowed', [only()], [], ['myVar']],
    ['ExactMatchAllowed', [only('myVar', 'otherVar')], ['myVar', 'myvar', 'MYVAR', 'otherVAR'], ['badVar']],
    ['MiniMatchAllowed', [only('my*')], ['myVar', 'mything', 'MY'], ['badVar']],
    [
      'MultipleRestrictionsMostRestrictive',
      [only('my*', 'otherVar'), only('myVar', 'myThing', 'extra')],
      ['myVar', 'myThing'],
      ['myStuff', 'otherVar', 'extra', 'neither'],
    ],
    [
      'MultipleRestrictionsNothingAllowed',
      [only('myVar', 'otherVar'), only()],
      [],
      ['myVar', 'otherVar', 'neither'],
    ],
  ];
  for (const [source, restrictions, settable, refused] of vectors) {
    it(`SetVariableRestrictionsL0 ${source}`, () => {
      const step = aStep({ restrictions });

      for (const name of [...settable, ...refused]) {
        step.job.variables.unset(name);
        step.say(`##vso[task.setvariable variable=${name}]value`);
        assert.equal(
          step.job.variables.get(name)?.value,
          settable.includes(name) ? 'value' : undefined,
          name,
        );
      }

      assert.deepEqual(
        step.record.issues.map(({ message }) => message),
        refused.map(
          (name) => `Setting variable '${name}' has been disabled by the task or build definition.`,
        ),
      );
      assert.equal(step.record.commandResult, undefined);
    });
  }

  for (const [title, restrictions, paths] of [
    ['without limits', [], ['/path']],
    ['not with an empty list', [only()], []],
    ['where PATH may be set', [only('path')], ['/path']],
  ] as [string, Restriction[], string[]][]) {
    it(`SetVariableRestrictionsL0 PrependPathAllowed: ${title}`, () => {
      const step = aStep({ restrictions });

      step.say('##vso[task.prependpath]/path');

      assert.deepEqual(step.job.prependPath, paths);
    });
  }

  it('are held against the bare name of an output', () => {
    const step = aStep({ restrictions: [only('my*')] });

    step.say('##vso[task.setvariable variable=my.b;isOutput=true]x');

    assert.deepEqual(step.record.outputs, { 'my.b': 'x' });
  });
});

describe('a restricted step', () => {
  const restricted = { restrictions: [{ isRestrictedMode: true, settable: undefined }] };
  const dropped = [
    'task.uploadsummary',
    'task.uploadfile',
    'task.addattachment',
    'task.setendpoint',
    'build.uploadlog',
    'build.uploadsummary',
    'build.updatebuildnumber',
    'build.addbuildtag',
    'artifact.upload',
    'artifact.associate',
    'results.publish',
    'codecoverage.publish',
  ];
  for (const name of dropped) {
    it(`has ${name} dropped with a warning, and does not fail for it`, () => {
      const step = aStep(restricted);

      step.say(`##vso[${name}]/nope`);

      assert.deepEqual(step.record.log, [
        `##[warning]##vso[${name}] is not allowed in this step due to policy restrictions. Please reference documentation (http://go.microsoft.com/fwlink/?LinkId=817296)`,
      ]);
      assert.equal(step.record.commandResult, undefined);
    });
  }

  it('may still set, mask, log, report and complete', () => {
    const step = aStep(restricted);

    step.say(
      '##vso[task.setvariable variable=a]x',
      '##vso[task.setsecret]secret',
      '##vso[task.settaskvariable variable=a]x',
      '##vso[task.setprogress value=1]x',
      '##vso[task.logissue type=error]x',
      '##vso[task.issue type=error]x',
      '##vso[task.debug]x',
      '##vso[task.prependpath]/x',
      '##vso[telemetry.publish area=a;feature=b]{}',
      '##vso[task.complete result=Succeeded]x',
    );

    assert.deepEqual([step.record.log, step.record.commandResult], [['##[error]x', '##[error]x'], undefined]);
    assert.equal(step.record.telemetry.length, 1);
  });

  it('fails for a command that nobody knows all the same', () => {
    const step = aStep(restricted);

    step.say('##vso[task.foo]x');

    assert.equal(step.record.commandResult, 'Failed');
  });
});

describe('where limits come from', () => {
  it('task.json, and each part of the target of a step, is a set of its own', () => {
    const definition = {
      restrictions: { commands: { mode: 'Restricted' }, settableVariables: { allowed: ['a'] } },
    };

    const sets = restrictionsOf(definition as Parameters<typeof restrictionsOf>[0], {
      commands: 'restricted',
      settableVariables: 'none',
    });

    assert.deepEqual(sets, [
      { isRestrictedMode: true, settable: ['a'] },
      { isRestrictedMode: true, settable: undefined },
      { isRestrictedMode: false, settable: [] },
    ]);
  });

  it('both hold a real step', async () => {
    const step = await runTask(
      {
        script: `say('##vso[task.setvariable variable=myVar]x'); say('##vso[task.setvariable variable=myOther]x'); say('##vso[task.uploadsummary]/nope')`,
        definition: { restrictions: { settableVariables: { allowed: ['my*'] } } },
      },
      {},
      { target: { commands: 'restricted', settableVariables: ['*Var'] } },
    );

    assert.equal(step.result, 'Succeeded');
    assert.match(
      step.log,
      /Setting variable 'myOther' has been disabled.*\n.*task\.uploadsummary\] is not allowed/,
    );
    assert.doesNotMatch(step.log, /'myVar'/);
  });
});
