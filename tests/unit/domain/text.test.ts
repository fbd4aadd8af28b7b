import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { maskForms, runMaskForms } from '#task/domain/masks.js';
import { carryOver } from '#task/domain/carry-over.js';
import type { Change } from '#task/domain/plan.js';
import { SecretValue } from '#task/domain/secret-value.js';
import { harmless, quoted, quotedList } from '#task/domain/text.js';
import { wanted } from '../../support/builders.js';

describe('SecretValue', () => {
  const secret = new SecretValue('canary');

  it('prints stars however it is printed', () => {
    assert.equal(String(secret), '***');
    assert.equal(JSON.stringify({ secret }), '{"secret":"***"}');
    assert.doesNotMatch(inspect({ secret }, { showHidden: true, depth: 5 }), /canary/);
  });

  it('compares and measures without being revealed', () => {
    assert.deepEqual(
      [secret.equals(new SecretValue('canary')), secret.equals(new SecretValue('x')), secret.length],
      [true, false, 6],
    );
  });
});

describe('maskForms', () => {
  const forms = (...values: string[]): string[] =>
    maskForms(values.map((value) => new SecretValue(value))).map((form) => form.reveal());

  it('gives the value, its trimmed form and its lines', () => {
    assert.deepEqual(forms(' first line\nsecond line '), [
      ' first line\nsecond line ',
      'first line\nsecond line',
      ' first line',
      'second line ',
      'first line',
      'second line',
    ]);
  });

  it('leaves out what is shorter than four characters, and blanks', () => {
    assert.deepEqual(forms('1', 'abc', '    ', '{\nabcd\n}'), ['{\nabcd\n}', 'abcd']);
  });
});

describe('harmless', () => {
  const cases: [string, string][] = [
    ['##vso[task.complete]', '##_vso[task.complete]'],
    ['x ##vso[a.b]y ##vso[c.d]', 'x ##_vso[a.b]y ##_vso[c.d]'],
    ['##[error]boo', '##_[error]boo'],
    ['###vso[a.b]', '###_vso[a.b]'],
    ['a\r\nb\u001b[31mc', 'a  b [31mc'],
    ['#\u200b#v\u00adso[', '# #v so['],
    ['issue #12 ## heading', 'issue #12 ## heading'],
  ];
  for (const [text, expected] of cases) {
    it(JSON.stringify(text), () => {
      assert.equal(harmless(text), expected);
    });
  }
});

describe('quoted', () => {
  it('cuts what is too long', () => {
    assert.equal(quoted('x'.repeat(300)).length, 203);
  });

  it('lists at most ten names', () => {
    assert.deepEqual([[], ['a'], ['a', 'b', 'c']].map(quotedList), ['', '"a"', '"a", "b" and "c"']);
    assert.match(quotedList(Array.from({ length: 12 }, (_, index) => String(index))), /"9" and 2 more$/);
  });
});

describe('carryOver', () => {
  const create: Change = { kind: 'create', name: 'A', because: 'new', to: wanted('A') };
  const rewrite: Change = {
    kind: 'rewrite',
    name: 'A',
    because: 'a secret can’t be compared',
    to: wanted('A'),
  };
  const gone: Change = { kind: 'delete', name: 'B', because: 'not in Infisical' };

  it('says what the first round did, not what the second found done', () => {
    assert.deepEqual(carryOver([create, gone], [rewrite]), [create, gone]);
  });

  it('lets a later round speak for itself', () => {
    assert.deepEqual(carryOver([rewrite], [create]), [create]);
  });
});

describe('runMaskForms', () => {
  const forms = (value: string, decodesPercents = true): string[] =>
    runMaskForms([new SecretValue(value)], decodesPercents).map((form) => form.reveal());

  it('are the value, its form in a command, and base64 with and without padding', () => {
    assert.deepEqual(forms('a;b%'), ['a;b%', 'a%3Bb%AZP25', 'YTtiJQ']);
  });

  it('follow a job that does not decode percents', () => {
    assert.deepEqual(forms('a;b%', false).slice(0, 2), ['a;b%', 'a%3Bb%']);
  });

  it('hold the lines of a value that are long enough, trimmed too', () => {
    const found = forms('{\n  "key": "k-123"\r\n}');

    assert.deepEqual(
      ['  "key": "k-123"', '"key": "k-123"', '{', '}'].map((line) => found.includes(line)),
      [true, true, false, false],
    );
    assert.ok(found.includes('{%0A  "key": "k-123"%0D%0A}'));
  });

  it('hold a short value, which the agent masks anyway, but not its base64', () => {
    assert.deepEqual(forms('x1'), ['x1']);
  });

  it('are none for blanks, which would star out every blank of the log', () => {
    assert.deepEqual(forms('  '), []);
  });
});
