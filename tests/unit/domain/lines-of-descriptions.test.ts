import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { comparableMarks, markedDescription, marksIn, unmarkedDescription } from '#task/domain/mark.js';
import { parsePattern, patternText } from '#task/domain/name-pattern.js';

const me = { syncName: 'me', pattern: { prefix: 'APP_', suffix: '' } };
const mine = '[infisical-sync: me owns APP_*]';

describe('a description that is already so', () => {
  for (const description of [
    `by hand\r\n${mine}\r\n`,
    ` by hand \n${mine}`,
    `${mine}\n\nby hand`,
    `by\n${mine}\n hand`,
    `by hand\r${mine}`,
  ]) {
    it(`comes back to the letter when its own text is given: ${JSON.stringify(description)}`, () => {
      const text = description.includes('by\n') ? 'by\n hand' : 'by hand';

      assert.equal(markedDescription(description, me, text), description);
    });
  }
});

describe('a new text in a description', () => {
  it('comes first, and the marks follow, each once and in a line of its own', () => {
    const before = `old\r\n  ${mine} \r\n[infisical-sync: other]\r\n${mine}\r\n`;

    assert.equal(markedDescription(before, me, 'new'), `new\n${mine}\n[infisical-sync: other]`);
  });
});

describe('a mark', () => {
  it('is found where a line ends as on an old Mac, and with blanks around its content', () => {
    assert.deepEqual(
      marksIn('text\r[infisical-sync:  Two  ]\rtext').map(({ syncName }) => syncName),
      ['two'],
    );
  });

  it('is none where another line of this task has its name as content', () => {
    const record = '[infisical-sync-record: me]';

    assert.equal(markedDescription(`${record}\n${mine}`, me), `${record}\n${mine}`);
    assert.equal(unmarkedDescription(`${record}\n${mine}`, me), record);
  });

  it('is compared without case and order, each once', () => {
    assert.deepEqual(
      comparableMarks('[infisical-sync: two]\n[infisical-sync: one owns A*]\n[infisical-sync: ONE owns a*]'),
      ['one owns a*', 'two'],
    );
  });
});

describe('the text of a pattern', () => {
  it('is read back as it was, whatever an environment puts into it', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(' ', 'é', '€', '%', '*', '%0041', '🔑'),
    );
    fc.assert(
      fc.property(part, part, (prefix, suffix) => {
        assert.deepEqual(parsePattern(patternText({ prefix, suffix })), { prefix, suffix });
      }),
    );
    assert.equal(patternText({ prefix: 'a b', suffix: '' }), 'a%0020b*');
  });

  for (const text of ['%0*', '*%0', '%00g0*', 'A', '*', 'A**', 'x A*', 'A* x'].filter((one) => one !== '*')) {
    it(`is none: ${text}`, () => {
      assert.equal(parsePattern(text), undefined);
    });
  }
});
