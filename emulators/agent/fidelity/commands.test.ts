import assert from 'node:assert/strict';
import { agentEscaped, parseCommand, unescaped } from '../command-parser.js';
import { aStep } from './bench.js';

const command = (data: string, properties: Record<string, string> = {}) => ({
  area: 'area',
  event: 'event',
  properties,
  data,
});

describe('the grammar of logging commands', () => {
  const everything = '##vso[area.event k1=%3B=%0D=%0A=%5D%AZP25;]%3B-%0D-%0A-%5D%AZP253B';
  const vectors: [source: string, line: string, expected: ReturnType<typeof parseCommand>][] = [
    ['LoggingCommandL0', '##vso[area.event k1=v1;]msg', command('msg', { k1: 'v1' })],
    ['LoggingCommandL0', '##vso[area.event]', command('')],
    ['LoggingCommandL0', everything, command(';-\r-\n-]%3B', { k1: ';=\r=\n=]%' })],
    ['LoggingCommandL0', '##vso[area.event k1=;k2=;]', command('')],
    ['LoggingCommandL0', '>>>   ##vso[area.event k1=v1;]msg', command('msg', { k1: 'v1' })],
    ['Command.cs: case', '##vso[Area.EVENT K1=a]x', command('x', { k1: 'a' })],
    ['Command.cs: keys are not trimmed', '##vso[area.event a=b; c=d]x', command('x', { a: 'b', ' c': 'd' })],
    ['Command.cs: lower case is not decoded', '##vso[area.event]x%0ay', command('x%0ay')],
    ['Command.cs: a later property wins', '##vso[area.event a=b;A=c]', command('', { a: 'c' })],
    ['Command.cs: a value keeps its =', '##vso[area.event a=b=c]', command('', { a: 'b=c' })],
    ['.NET Split', '##vso[area.event a==b]', command('', { a: 'b' })],
    ['.NET Split', '##vso[area.event =a=b]', command('', { a: 'b' })],
    ['.NET Split', '##vso[area.event ==;a=;=b]', command('')],
    ['Command.cs: the first ] ends the header', '##vso[area.event a=b]c]d', command('c]d', { a: 'b' })],
    ['Command.cs: empty parts of a name', '##vso[.area..event.]x', command('x')],
    ['Command.cs: no event', '##vso[task]x', undefined],
    ['Command.cs: three parts', '##vso[a.b.c]x', undefined],
    ['Command.cs: a blank before the name', '##vso[ area.event]x', undefined],
    ['Command.cs: no ]', '##vso[task.debug', undefined],
    ['Command.cs: the prefix minds case', '##VSO[task.debug]x', undefined],
    ['Command.cs', 'no command', undefined],
    ['Command.cs', '', undefined],
  ];
  for (const [source, line, expected] of vectors) {
    it(`${source}: ${JSON.stringify(line)}`, () => {
      assert.deepEqual(parseCommand(line), expected);
    });
  }

  it('LoggingCommandL0: leaves %AZP25 alone where percents are not decoded', () => {
    assert.deepEqual(
      parseCommand(everything, false),
      command(';-\r-\n-]%AZP253B', { k1: ';=\r=\n=]%AZP25' }),
    );
  });

  it('what the agent escapes it reads back to the letter, with its percents or without', () => {
    for (const text of ['a;b]c%d\r\ne', '%3B', '%AZP25', '😀\u2028'])
      assert.equal(unescaped(agentEscaped(text), true), text);
    assert.equal(agentEscaped('%;', false), '%%3B');
  });
});

describe('a line that a step writes', () => {
  const help = 'Please reference documentation (http://go.microsoft.com/fwlink/?LinkId=817296)';
  const outcomes: [title: string, lines: string[], log: string[], result: string | undefined][] = [
    ['text is logged', ['hello'], ['hello'], undefined],
    ['a command is not', ['##vso[task.setvariable variable=a]x'], [], undefined],
    [
      'what only looks like one is warned of and logged',
      ['see ##vso[task]x'],
      [
        `##[warning]'see ##vso[task]x' contains logging command keyword '##vso', but it's not a legal command. Please see the list of accepted commands: https://go.microsoft.com/fwlink/?LinkId=817296`,
        'see ##vso[task]x',
      ],
      undefined,
    ],
    [
      'an area that nobody knows is warned of and swallowed',
      ['##vso[foo.bar]x'],
      [`##[warning]Cannot find command extension for ##vso[foo.command]. ${help}`],
      undefined,
    ],
    [
      'an event that nobody knows fails the step',
      ['##vso[task.foo]x'],
      [
        `##[error]Unable to process command '##vso[task.foo]x' successfully. ${help}`,
        `##[error]##vso[task.foo] is not a recognized command for Task command extension. ${help}.`,
      ],
      'Failed',
    ],
  ];
  for (const [title, lines, log, result] of outcomes) {
    it(title, () => {
      const step = aStep();

      step.say(...lines);

      assert.deepEqual([step.record.log, step.record.commandResult], [log, result]);
    });
  }

  it('is decoded with its percents unless DECODE_PERCENTS is anything but true', () => {
    const values = ['true', '1', '', 'false', 'no'].map((DECODE_PERCENTS) => {
      const step = aStep({ variables: { DECODE_PERCENTS } });
      step.say('##vso[task.setvariable variable=a]%AZP25');
      return step.job.variables.get('a')?.value;
    });

    assert.deepEqual(values, ['%', '%', '%', '%AZP25', '%AZP25']);
  });

  it('is shown again after it was obeyed when the job is debugged, but for debug lines', () => {
    const step = aStep({ isDebug: true });

    step.say('##vso[task.setvariable variable=a]x%0Ay', '##vso[task.debug]z');

    assert.deepEqual(step.record.log, [
      '##[debug]Processed: ##vso[task.setvariable variable=a]x',
      'y',
      '##[debug]z',
    ]);
  });

  it('shows no debug text when the job is not debugged', () => {
    const step = aStep();

    step.say('##vso[task.debug]z');

    assert.deepEqual(step.record.log, []);
  });

  const hosts: [area: string, hostType: 'build' | 'release', isThere: boolean][] = [
    ['artifact.associate', 'build', true],
    ['artifact.associate', 'release', true],
    ['codecoverage.publish', 'release', false],
    ['codecoverage.publish', 'build', true],
    ['release.updatereleasename', 'build', false],
    ['release.updatereleasename', 'release', true],
    ['results.publish', 'release', true],
    ['telemetry.publish', 'release', true],
  ];
  for (const [name, hostType, isThere] of hosts) {
    it(`${isThere ? 'knows' : 'refuses, fails for and logs'} ${name} in a ${hostType}`, () => {
      const step = aStep({ hostType, variables: { 'build.buildId': '1' } });
      const [area = ''] = name.split('.');

      step.say(`##vso[${name} artifactname=a;type=filepath;artifacttype=filepath]x`);

      assert.equal(step.record.commandResult, isThere ? undefined : 'Failed');
      const host = hostType === 'build' ? 'Build' : 'Release';
      assert.equal(
        step.record.log.some((line) =>
          line.startsWith(`##[error]${area} commands are not supported for ${host} flow.`),
        ),
        !isThere,
      );
      assert.equal(step.record.log.at(-1)?.startsWith('##vso['), isThere ? undefined : true);
    });
  }

  it('WorkerCommandManagerL0: one command may have two names', () => {
    const step = aStep();

    step.say('##vso[task.issue type=error]x', '##vso[task.logissue type=error]x');

    assert.deepEqual(
      step.record.issues.map(({ message }) => message),
      ['x', 'x'],
    );
  });
});
