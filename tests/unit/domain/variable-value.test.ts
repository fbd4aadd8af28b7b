import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { platform } from 'node:os';
import { desiredVariables } from '#task/domain/desired.js';
import { parseKeySchema } from '#task/domain/key-schema.js';
import { environmentBytes, valueProblem } from '#task/domain/variable-value.js';
import { aSecret, wanted } from '../../support/builders.js';

describe('valueProblem', () => {
  const cases: [title: string, value: string, expected: RegExp | undefined][] = [
    ['NUL', 'a\0b', /^the value contains a NUL character, .* would start$/],
    ['half of a character', 'a\ud83d', /^the value contains half of a character/],
    ['halves that are the wrong way round', '\ude80\ud83d', /^the value contains half of a character/],
    ['a whole character of two halves', '🚀', undefined],
    ['other control characters, tabs and lines', '\u0001\t\r\n\u001b\u007f\u0085', undefined],
    ['as much as fits', 'x'.repeat(131_062), undefined],
    ['a byte more', 'x'.repeat(131_063), /take 131073 bytes .* more than 131072$/],
    ['as many bytes of fewer characters', '€'.repeat(43_688), /take 131074 bytes/],
  ];
  for (const [title, value, expected] of cases) {
    it(`says ${expected === undefined ? 'nothing' : 'why'} of ${title}`, () => {
      const problem = valueProblem(wanted('A', value));

      if (expected === undefined) assert.equal(problem, undefined);
      else assert.match(problem ?? '', expected);
    });
  }

  it('counts a plain variable without the prefix of a secret', () => {
    assert.equal(valueProblem(wanted('A', 'x'.repeat(131_069), false)), undefined);
  });
});

describe('environmentBytes', () => {
  const start = (variable: ReturnType<typeof wanted>): string | undefined => {
    const env = { [`SECRET_${variable.name}`]: variable.value.reveal() };
    const { error } = spawnSync(process.execPath, ['--version'], { env });
    return (error as NodeJS.ErrnoException | undefined)?.code;
  };

  it('counts as the system does: one byte more, and no process starts', function () {
    if (platform() !== 'linux') this.skip();
    const most = wanted('A', '€'.repeat(43_687).concat('x'));
    const tooMuch = wanted('A', '€'.repeat(43_687).concat('xx'));

    assert.deepEqual([environmentBytes(most), start(most)], [131_072, undefined]);
    assert.deepEqual([environmentBytes(tooMuch), start(tooMuch)], [131_073, 'E2BIG']);
  });
});

describe('desiredVariables', () => {
  it('lists every bad value beside every bad name, with where it is', () => {
    const secrets = [aSecret('B', 'a\0b'), aSecret('A/B', 'x\ud800'), aSecret('FINE')];

    assert.throws(() => desiredVariables(secrets, { keySchema: parseKeySchema('').in(''), plainTag: '' }), {
      name: 'NamingError',
      message:
        /- "A\/B" in "\/" → "A\/B": the name contains.*\n- "A\/B" .*half of a character.*\n- "B" in "\/" → "B": the value contains a NUL character/,
    });
  });
});
