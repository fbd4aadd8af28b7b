import assert from 'node:assert/strict';
import { Masker } from '../masker.js';
import { aStep, runTask, withAgent } from './bench.js';

function masker(...values: string[]): Masker {
  const made = new Masker();
  for (const value of values) made.add(value);
  return made;
}

const same = (text: string): [string, string] => [text, text];

describe('the password of a URL', () => {
  const long = 'o'.repeat(46);
  const vectors: [source: string, [message: string, masked: string]][] = [
    ['IsSimpleUrlNotMasked', same('https://simpledomain@example.com')],
    [
      'IsComplexUrlNotMasked',
      same('https://url.com:443/~user/foo=bar+42-18?what=this.is.an.example....~~many@&param=value'),
    ],
    ['IsUserInfoMaskedCorrectly', ['https://user:pass@example.com', 'https://user:***@example.com']],
    [
      'IsUserInfoWithSpecialCharactersMaskedCorrectly',
      ["https://user:pass4';.!&*()=,$-+~@example.com", 'https://user:***@example.com'],
    ],
    [
      'IsUserInfoWithDigitsInNameMaskedCorrectly',
      ['https://username123:password@example.com', 'https://username123:***@example.com'],
    ],
    [
      'IsUserInfoWithLongPasswordAndNameMaskedCorrectly',
      [`https://user_l${long}ng:pass_l${long}ng@example.com`, `https://user_l${long}ng:***@example.com`],
    ],
    [
      'IsUserInfoWithEncodedCharactersdInNameMaskedCorrectly',
      ['https://username%10%A3%F6:password123@example.com', 'https://username%10%A3%F6:***@example.com'],
    ],
    [
      'IsUserInfoWithEncodedAndEscapedCharactersdInNameMaskedCorrectly',
      [
        'https://username%AZP2510%AZP25A3%AZP25F6:password123@example.com',
        'https://username%AZP2510%AZP25A3%AZP25F6:***@example.com',
      ],
    ],
  ];
  for (const [source, [message, masked]] of vectors) {
    it(`SecretMaskerL0 ${source}`, () => {
      assert.equal(masker().mask(message), masked);
    });
  }
});

describe('literals', () => {
  const vectors: [source: string, values: string[], [message: string, masked: string]][] = [
    ['HandlesEmptyInput', ['abcd'], ['', '']],
    ['HandlesNoMasks', [], same('abcdefg')],
    ['ReplacesValue', ['def'], ['abcdefg', 'abc***g']],
    ['ReplacesMultipleInstances', ['def'], ['abcdefgdef', 'abc***g***']],
    ['ReplacesMultipleAdjacentInstances', ['abc'], ['abcabcdef', '***def']],
    ['ReplacesMultipleSecrets', ['bcd', 'fgh'], ['abcdefghi', 'a***e***i']],
    ['ReplacesOverlappingSecrets', ['def', 'bcd'], ['abcdefg', 'a***g']],
    ['ReplacesAdjacentSecrets', ['efg', 'bcd'], ['abcdefgh', 'a***h']],
    [
      'Encoder_JsonStringEscape',
      ['carriage-return\r_newline\n_tab\t_backslash\\_double-quote"'],
      ['carriage-return\\r_newline\\n_tab\\t_backslash\\\\_double-quote\\"', '***'],
    ],
    ['Encoder_BackslashEscape', ['abc\\\\def\\\'\\"ghi\\t'], ['abc\\def\'"ghi\t', '***']],
    [
      'Encoder_BackslashEscape, the value itself',
      ['abc\\\\def\\\'\\"ghi\\t'],
      ['abc\\\\def\\\'\\"ghi\\t', '***'],
    ],
    ['Encoder_UriDataEscape', ['hello world'], ['hello%20world', '***']],
    ['Encoder_UriDataEscape_LargeString', [' 𐐷𐐷𐐷𐐷'], [' 𐐷𐐷𐐷𐐷', '***']],
  ];
  for (const [source, values, [message, masked]] of vectors) {
    it(`SecretMaskerL0 ${source}`, () => {
      assert.equal(masker(...values).mask(message), masked);
    });
  }

  const rest: [title: string, values: string[], [message: string, masked: string]][] = [
    ['mind case', ['secret'], same('Secret')],
    ['are masked at a single character', ['1'], ['v1.1', 'v***.***']],
    ['overlap with themselves', ['aba'], ['ababa', '***']],
    ['are known with the marks that URLs escape', ["it's(1)!*"], ['q=it%27s%281%29%21%2A', 'q=***']],
    ['are known with the line ends that JSON of .NET escapes', ['a\u2028b'], ['a\\u2028b', '***']],
  ];
  for (const [title, values, [message, masked]] of rest) {
    it(title, () => {
      assert.equal(masker(...values).mask(message), masked);
    });
  }

  const base64 = Buffer.from('secret').toString('base64');
  for (const [title, value, shown] of [
    ['their base64', 'secret', base64],
    ['one of their lines', 'first line\nsecond line', 'first line'],
    ['their upper case', 'secret', 'SECRET'],
    ['half of them', 'secret', 'secre'],
    ['XML made of them', 'a<b', 'a&lt;b'],
  ] as const) {
    it(`do not cover ${title}`, () => {
      assert.equal(masker(value).mask(shown), shown);
    });
  }
});

describe('short secrets', () => {
  const withMinimum = (minimum: number, value: string): Masker => {
    const made = new Masker();
    made.minimum = minimum;
    made.add(value);
    return made;
  };

  it('LoggedSecretMaskerL0 MaskingSecrets: all are masked where the minimum is 0', () => {
    assert.equal(withMinimum(0, '1').mask('123'), '***23');
  });

  it('LoggedSecretMaskerL0 ShortSecret_Removes_From_Dictionary', () => {
    const made = withMinimum(0, '1');
    made.minimum = 4;
    made.removeShort();

    assert.equal(made.mask('123'), '123');
  });

  it('LoggedSecretMaskerL0 …_BoundaryValue: five characters are too few for six', () => {
    assert.equal(withMinimum(6, '12345').mask('1234567'), '1234567');
  });

  it('LoggedSecretMaskerL0 …_BoundaryValue2: six are enough', () => {
    assert.equal(withMinimum(6, '123456').mask('1234567'), '***7');
  });

  it('LoggedSecretMaskerL0 Skipping_ShortSecrets', () => {
    assert.equal(withMinimum(3, '1').mask('123'), '123');
  });

  it('LoggedSecretMaskerL0 Sets_MinSecretLength_To_MaxValue: the minimum is six at most', () => {
    assert.equal(withMinimum(7, '').minimum, 6);
  });

  it('a job may leave some unmasked, and is warned when it asks for more than six', async () => {
    const variables = { S: { value: 'short', isSecret: true }, AZP_IGNORE_SECRETS_SHORTER_THAN: '9' };

    const [log, warnings] = await withAgent({ script: `say(env.SECRET_S)` }, { variables }, async (agent) => [
      (await agent.runStep({ inputs: {} })).log,
      agent.warnings,
    ]);

    assert.match(log, /^short$/m);
    assert.deepEqual(warnings, [
      'The value of the minimum length of the secrets is too high. Maximum value is set: 6',
    ]);
  });

  it('a step cannot change that any more', async () => {
    const step = await runTask(
      `say('##vso[task.setvariable variable=AZP_IGNORE_SECRETS_SHORTER_THAN]6'); say('##vso[task.setsecret]abc'); say('abc')`,
    );

    assert.match(step.log, /^\*\*\*$/m);
  });
});

describe('places that are not masked', () => {
  const secret = 'a-secret-9000';
  const said: [
    place: string,
    line: string,
    read: (step: ReturnType<typeof aStep>) => unknown,
    expected: unknown,
  ][] = [
    [
      'the progress text',
      `##vso[task.setprogress value=1]${secret}`,
      ({ record }) => record.progress[0]?.operation,
      secret,
    ],
    [
      'the completion text',
      `##vso[task.complete result=Failed]${secret}`,
      ({ record }) => record.completions[0],
      secret,
    ],
    [
      'the data of an issue',
      `##vso[task.logissue type=error;code=${secret}]x`,
      ({ record }) => record.issues[0]?.data['code'],
      secret,
    ],
    [
      'an output variable',
      `##vso[task.setvariable variable=a;isOutput=true]${secret}`,
      ({ record }) => record.outputs['a'],
      secret,
    ],
    ['a build tag', `##vso[build.addbuildtag]${secret}`, ({ record }) => record.metadata[0], secret],
    [
      'the text of an issue is',
      `##vso[task.logissue type=error]${secret}`,
      ({ record }) => record.issues[0]?.message,
      '***',
    ],
  ];
  for (const [place, line, read, expected] of said) {
    it(place, () => {
      const step = aStep({ variables: { 'build.buildId': '1' } });

      step.say(`##vso[task.setsecret]${secret}`, line);

      assert.equal(read(step), expected);
      assert.doesNotMatch(step.record.log.join('\n'), new RegExp(secret));
    });
  }

  it('a command over several lines is masked as one message, two lines of text are not', () => {
    const step = aStep();

    step.say('##vso[task.setsecret]one%0Atwo', '##vso[task.logissue type=error]one%0Atwo', 'one', 'two');

    assert.deepEqual(step.record.log, ['##[error]***', 'one', 'two']);
  });

  it('the banner of a step', async () => {
    const step = await runTask(
      { definition: { friendlyName: 'shows a-secret-9000' } },
      {
        variables: { S: { value: secret, isSecret: true } },
      },
    );

    assert.match(step.log, /^Task {9}: shows a-secret-9000$/m);
  });
});
