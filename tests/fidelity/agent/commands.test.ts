import assert from 'node:assert/strict';
import { parseCommand } from '../../support/mini-agent/command-parser.js';
import { Masker } from '../../support/mini-agent/masker.js';
import { mergeResults, parseResult } from '../../support/mini-agent/result.js';
import { expandMacros, Variables } from '../../support/mini-agent/variables.js';

/** The vectors of the agent's own tests (LoggingCommandL0.cs), and what its code says of the rest. */
describe('the grammar of logging commands', () => {
  const vectors: [line: string, expected: ReturnType<typeof parseCommand>][] = [
    [
      '>>> ##vso[area.event k1=v1;]msg',
      { area: 'area', event: 'event', properties: { k1: 'v1' }, data: 'msg' },
    ],
    [
      '##vso[area.event k1=%3B=%0D=%0A=%5D%AZP25;]%3B-%0D-%0A-%5D%AZP253B',
      { area: 'area', event: 'event', properties: { k1: ';=\r=\n=]%' }, data: ';-\r-\n-]%3B' },
    ],
    ['##vso[area.event k1=;k2=;]', { area: 'area', event: 'event', properties: {}, data: '' }],
    [
      '##vso[Task.SetVariable VARIABLE=a]x',
      { area: 'task', event: 'setvariable', properties: { variable: 'a' }, data: 'x' },
    ],
    [
      '##vso[task.setvariable variable=a; issecret=true]x',
      { area: 'task', event: 'setvariable', properties: { variable: 'a', ' issecret': 'true' }, data: 'x' },
    ],
    [
      '##vso[task.setvariable variable=a]x%0ay',
      { area: 'task', event: 'setvariable', properties: { variable: 'a' }, data: 'x%0ay' },
    ],
    ['##vso[task]x', undefined],
    ['##vso[a.b.c]x', undefined],
    ['##vso[task.debug', undefined],
    ['##VSO[task.debug]x', undefined],
    ['no command', undefined],
  ];
  for (const [line, expected] of vectors) {
    it(line, () => {
      assert.deepEqual(parseCommand(line), expected);
    });
  }

  it('leaves %AZP25 alone where percents are not decoded', () => {
    assert.equal(parseCommand('##vso[task.debug]%AZP25', false)?.data, '%AZP25');
  });
});

describe('the masker', () => {
  const masker = (...values: string[]): Masker => {
    const made = new Masker();
    for (const value of values) made.add(value);
    return made;
  };
  const cases: [string, string[], string, string][] = [
    ['stars out a literal', ['secret'], 'a secret b', 'a *** b'],
    ['minds case', ['secret'], 'Secret', 'Secret'],
    ['makes one of ranges that touch or overlap', ['abc', 'cde', 'ef'], 'xabcdefx', 'x***x'],
    ['knows the JSON form', ['a"b'], '{"x":"a\\"b"}', '{"x":"***"}'],
    ['knows the form of a URL', ['a b&c'], '?q=a%20b%26c', '?q=***'],
    ['masks the password of a URL', [], 'https://user:pass@host/x', 'https://user:***@host/x'],
    [
      'does not know base64',
      ['secret'],
      Buffer.from('secret').toString('base64'),
      Buffer.from('secret').toString('base64'),
    ],
    ['does not know a line of a value with several', ['one\ntwo'], 'one', 'one'],
    ['masks even a single character', ['1'], 'v1.1', 'v***.***'],
  ];
  for (const [title, values, message, expected] of cases) {
    it(title, () => {
      assert.equal(masker(...values).mask(message), expected);
    });
  }
});

describe('results', () => {
  it('the worse of two wins, and what is worse than Failed stays', () => {
    assert.equal(mergeResults('Succeeded', 'SucceededWithIssues'), 'SucceededWithIssues');
    assert.equal(mergeResults('Failed', 'Succeeded'), 'Failed');
    assert.equal(mergeResults('Skipped', 'Failed'), 'Skipped');
  });

  it('are read with their case', () => {
    assert.deepEqual(['Failed', '2', 'failed', 'Cancelled'].map(parseResult), [
      'Failed',
      'Failed',
      undefined,
      undefined,
    ]);
  });
});

describe('variables', () => {
  const set = (...entries: [string, string, boolean?][]): Variables => {
    const variables = new Variables();
    for (const [name, value, isSecret = false] of entries)
      variables.set({ name, value, isSecret, isReadOnly: false });
    return variables;
  };

  it('are one whatever their case, and once secret stay secret', () => {
    const variables = set(['Foo', 'a', true], ['FOO', 'b']);

    assert.deepEqual(
      variables.all().map(({ name, value, isSecret }) => [name, value, isSecret]),
      [['Foo', 'b', true]],
    );
  });

  it('are expanded inside values, with their secrecy; cycles and unknown names stay', () => {
    const expanded = set(
      ['A', 'x$(B)', false],
      ['B', 'b$(C)', false],
      ['C', 'c', true],
      ['D', '$(D)$(nope)'],
    ).expanded();

    assert.deepEqual(
      [expanded.get('A')?.value, expanded.get('A')?.isSecret, expanded.get('D')?.value],
      ['xbc', true, '$(D)$(nope)'],
    );
  });

  it('are inserted into inputs once', () => {
    assert.equal(
      expandMacros('$(a)', () => '$(a)'),
      '$(a)',
    );
  });
});
