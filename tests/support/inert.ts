import assert from 'node:assert/strict';
import MarkdownIt from 'markdown-it';
import { parseCommand } from '../../emulators/agent/command-parser.js';

/** What acts on a terminal, on the agent's search for commands, or on the direction of text. */
const acting = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** Text of the log: nothing in it is a command or a format, and nothing moves the cursor. */
export function assertInertLine(line: string): void {
  assert.equal(parseCommand(line), undefined);
  assert.doesNotMatch(line, /##\s*(?:vso)?\s*\[/i);
  assert.doesNotMatch(line, acting);
}

/** All that Markdown makes of a summary; raw HTML is allowed here, so that it would show. */
export function elementsOf(markdown: string): Record<string, number> {
  const counts: Record<string, number> = {};
  const visit = (tokens: ReturnType<InstanceType<typeof MarkdownIt>['parse']>): void => {
    for (const { type, tag, children } of tokens) {
      const name = tag === '' ? type : tag;
      if (!['text', 'inline', 'softbreak'].includes(name) && !type.endsWith('_close'))
        counts[name] = (counts[name] ?? 0) + 1;
      visit(children ?? []);
    }
  };
  visit(new MarkdownIt({ html: true, linkify: true }).parse(markdown, {}));
  return counts;
}
