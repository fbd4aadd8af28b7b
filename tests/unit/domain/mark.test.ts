import assert from 'node:assert/strict';
import { marksIn, markedDescription, unmarkedDescription, type Mark } from '#task/domain/mark.js';
import { everyName } from '#task/domain/name-pattern.js';

const me: Mark = { syncName: 'me', pattern: { prefix: 'APP_', suffix: '' } };
const mine = '[infisical-sync: me owns APP_*]';

describe('marksIn', () => {
  it('finds marks only where they are a line of their own, whatever the line breaks', () => {
    const description =
      'see [infisical-sync: not-a-mark]\r\n[infisical-sync: One owns *]\n  [infisical-sync: two owns A.*_x]  ';

    assert.deepEqual(marksIn(description), [
      { syncName: 'one', pattern: everyName },
      { syncName: 'two', pattern: { prefix: 'A.', suffix: '_x' } },
    ]);
  });

  for (const [title, line, syncName] of [
    ['an earlier version wrote it', '[infisical-sync: two]', 'two'],
    ['its pattern has no place for the key', '[infisical-sync: two owns APP_]', 'two'],
    ['its pattern has two', '[infisical-sync: two owns A*B*]', 'two'],
    ['somebody wrote into it', '[infisical-sync: two owns A* and more]', 'two owns A* and more'],
  ] as const) {
    it(`knows a mark that does not say what it owns: ${title}`, () => {
      assert.deepEqual(marksIn(line), [{ syncName, pattern: undefined }]);
    });
  }
});

describe('markedDescription', () => {
  const cases: [title: string, before: string, text: string | undefined, after: string][] = [
    ['adds the mark below the text', 'by hand', undefined, `by hand\n${mine}`],
    ['marks an empty description', '', undefined, mine],
    ['leaves a marked one to the letter', ` by hand \n${mine}\n`, undefined, ` by hand \n${mine}\n`],
    [
      'knows its mark in another case',
      '[Infisical-Sync: ME owns app_*]',
      undefined,
      '[Infisical-Sync: ME owns app_*]',
    ],
    ['keeps other marks', '[infisical-sync: you]', undefined, `[infisical-sync: you]\n${mine}`],
    [
      'keeps a mark of the same name with another key schema',
      '[infisical-sync: me owns WEB_*]',
      undefined,
      `[infisical-sync: me owns WEB_*]\n${mine}`,
    ],
    ['replaces its mark of an earlier version', 'text\n[infisical-sync: me]', undefined, `text\n${mine}`],
    [
      'replaces the text and keeps all marks',
      'old\n[infisical-sync: you]',
      'new',
      `new\n[infisical-sync: you]\n${mine}`,
    ],
    ['leaves a text that is the same already', `new\n${mine}`, 'new', `new\n${mine}`],
  ];
  for (const [title, before, text, after] of cases) {
    it(title, () => {
      assert.equal(markedDescription(before, me, text), after);
    });
  }
});

describe('unmarkedDescription', () => {
  it('takes out this sync’s mark and nothing else', () => {
    const description = `text\n${mine}\n[infisical-sync: you owns *]\n[infisical-sync: me owns WEB_*]`;

    assert.equal(
      unmarkedDescription(description, me),
      'text\n[infisical-sync: you owns *]\n[infisical-sync: me owns WEB_*]',
    );
  });
});
