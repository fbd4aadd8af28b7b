import assert from 'node:assert/strict';
import { desiredNotices, desiredVariables } from '#task/domain/desired.js';
import { matchesPattern } from '#task/domain/name-pattern.js';
import { keySchemaProblem, parseKeySchema } from '#task/domain/key-schema.js';
import { aSchema, aSecret, wanted } from '../../support/builders.js';

const naming = { keySchema: aSchema(''), plainTag: '' };

describe('the key schema', () => {
  const problems: [string, RegExp | undefined][] = [
    ['', undefined],
    ['{{secretKey}}', undefined],
    ['APP_{{secretKey}}', undefined],
    ['{{environment}}_{{secretKey}}.x-y', undefined],
    ['APP', /exactly once/],
    ['{{secretKey}}{{secretKey}}', /exactly once/],
    ['{{ secretKey }}', /exactly once/],
    ['{{{secretKey}}}', /may contain only/],
    ['A/{{secretKey}}', /may contain only/],
    ['$({{secretKey}})', /may contain only/],
    ['{{{{secretKey}}environment}}', /may contain only/],
    ['{{environment{{secretKey}}}}', /may contain only/],
    ['{{env{{environment}}ironment}}{{secretKey}}', /may contain only/],
    ['{{{environment}}}{{secretKey}}', /may contain only/],
    ['{{secretKey}}{{Environment}}', /may contain only/],
    ['{{secretkey}}', /exactly once/],
    ['{{secret{{secretKey}}Key}}', /may contain only/],
    ['{{environment}}{{environment}}{{secretKey}}', undefined],
  ];
  for (const [schema, problem] of problems) {
    it(`${schema === '' ? '(empty)' : schema} is ${problem === undefined ? 'valid' : 'refused'}`, () => {
      if (problem === undefined) assert.equal(keySchemaProblem(schema), undefined);
      else assert.match(keySchemaProblem(schema) ?? '', problem);
    });
  }

  it('is substituted plainly, never HTML-escaped', () => {
    assert.equal(aSchema('{{environment}}_{{secretKey}}_X').nameFor('A&B'), 'prod_A&B_X');
  });

  it('matches without case, and only where something stands between prefix and suffix', () => {
    const schema = aSchema('App_{{secretKey}}_x');

    assert.deepEqual(
      ['APP_a_X', 'app__x', 'app_x', 'other'].map((name) => matchesPattern(schema.pattern, name)),
      [true, false, false, false],
    );
  });

  it('narrows nothing when the key stands alone', () => {
    assert.deepEqual(
      [aSchema('{{secretKey}}').narrows, matchesPattern(aSchema('{{secretKey}}').pattern, 'anything')],
      [false, true],
    );
  });
});

describe('desiredVariables', () => {
  it('lists every name that is not allowed and every clash at once', () => {
    const secrets = [
      aSecret('PATH'),
      aSecret('a', 'x', { origin: '/one' }),
      aSecret('A', 'y', { origin: '/two' }),
      aSecret('B$'),
    ];

    assert.throws(() => desiredVariables(secrets, naming), {
      name: 'NamingError',
      message: /"A" in "\/two" and "a" in "\/one" both become "a".*"B\$".*"PATH"/s,
    });
  });

  it('refuses a plain value with a command of the agent, which a secret may hold', () => {
    const value = 'x ##vso[task.setvariable variable=NODE_OPTIONS]--inspect';
    const plain = { ...naming, plainTag: 'plain' };

    assert.throws(() => desiredVariables([aSecret('A', value, { tags: ['plain'] })], plain), {
      message: /"A": the value contains a logging command of the agent/,
    });
    assert.equal(desiredVariables([aSecret('A', value)], plain).length, 1);
  });

  it('tells of such a value without the marker, about which the agent would warn', () => {
    const value = 'x ##vso[task.debug]y';

    const [notice, ...others] = desiredNotices([wanted('A', value)]);

    assert.match(notice ?? '', /contain a logging command .*: "A"\.$/);
    assert.doesNotMatch(notice ?? '', /##/);
    assert.deepEqual(others, []);
  });

  it('judges names as the key schema makes them, the environment in it, too', () => {
    const secrets = [aSecret('NODE', 'x', { tags: ['plain'] }), aSecret('PATH')];
    const schema = parseKeySchema('{{secretKey}}.{{environment}}').in('options');

    assert.throws(() => desiredVariables(secrets, { keySchema: schema, plainTag: 'plain' }), {
      message: /"NODE" in "\/" → "NODE\.options": Node\.js runs what it says[^\n]*$/,
    });
    assert.equal(
      desiredVariables([aSecret('PATH')], { ...naming, keySchema: aSchema('APP_{{secretKey}}') }).length,
      1,
    );
  });

  it('makes tagged and empty secrets plain and all others secret', () => {
    const secrets = [aSecret('PLAIN', 'x', { tags: ['plain'] }), aSecret('EMPTY', ''), aSecret('S')];

    const desired = desiredVariables(secrets, { ...naming, plainTag: 'plain' });

    assert.deepEqual(
      desired.map(({ name, isSecret }) => [name, isSecret]),
      [
        ['EMPTY', false],
        ['PLAIN', false],
        ['S', true],
      ],
    );
  });
});

describe('desiredNotices', () => {
  it('names what is worth knowing, never a value', () => {
    const notices = desiredNotices([
      wanted('my-key'),
      wanted('SECRET_X'),
      wanted('MACRO', 'p$(Build.BuildId)w'),
      wanted('COMMAND', 'x ##vso[task.complete]'),
      wanted('LONG', 'x'.repeat(4097)),
      wanted('FINE', 'x'.repeat(4096)),
    ]);

    assert.equal(notices.length, 5);
    for (const [index, name] of ['my-key', 'SECRET_X', 'MACRO', 'COMMAND', 'LONG'].entries()) {
      assert.match(notices[index] ?? '', new RegExp(`: "${name}"\\.$`));
    }
  });
});
