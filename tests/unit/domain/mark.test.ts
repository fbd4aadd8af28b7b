import assert from 'node:assert/strict';
import { markedDescription, marksIn, unmarkedDescription } from '#task/domain/mark.js';

describe('marksIn', () => {
  it('finds marks only where they are a line of their own, whatever the line breaks', () => {
    const description =
      'see [infisical-sync: not-a-mark]\r\n[infisical-sync: One]\n  [infisical-sync: two]  ';

    assert.deepEqual(marksIn(description), ['one', 'two']);
  });
});

describe('markedDescription', () => {
  const cases: [title: string, before: string, text: string | undefined, after: string][] = [
    ['adds the mark below the text', 'by hand', undefined, 'by hand\n[infisical-sync: me]'],
    ['marks an empty description', '', undefined, '[infisical-sync: me]'],
    [
      'leaves a marked one to the letter',
      ' by hand \n[infisical-sync: me]\n',
      undefined,
      ' by hand \n[infisical-sync: me]\n',
    ],
    ['keeps other marks', '[infisical-sync: you]', undefined, '[infisical-sync: you]\n[infisical-sync: me]'],
    [
      'replaces the text and keeps all marks',
      'old\n[infisical-sync: you]',
      'new',
      'new\n[infisical-sync: you]\n[infisical-sync: me]',
    ],
    [
      'leaves a text that is the same already',
      'new\n[infisical-sync: me]',
      'new',
      'new\n[infisical-sync: me]',
    ],
  ];
  for (const [title, before, text, after] of cases) {
    it(title, () => {
      assert.equal(markedDescription(before, 'me', text), after);
    });
  }
});

describe('unmarkedDescription', () => {
  it('takes out this sync’s mark and nothing else', () => {
    const description = 'text\n[infisical-sync: me]\n[infisical-sync: you]';

    assert.equal(unmarkedDescription(description, 'me'), 'text\n[infisical-sync: you]');
  });
});
