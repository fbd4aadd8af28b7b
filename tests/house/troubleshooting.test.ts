import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { readDocument } from '../support/markdown.js';

const sources = 'tasks/InfisicalSecretSync/src';
/** What the page adds to a message: how a person meets it. */
const kinds = / \((?:a note|a warning|a reason in the plan)\)$/;

/** What is between the holes of a message, such as `The variable group` and `is gone` in `The variable group … is gone`. */
function fragmentsOf(cell: string): string[] {
  return cell
    .split(/ (?:\/|;) /)
    .flatMap((message) => message.replace(kinds, '').split('…'))
    .map((fragment) => fragment.trim())
    .filter((fragment) => fragment !== '');
}

/** The text of every string in a source file; of a template, each part between its holes. */
function textsIn(path: string): string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      texts.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest));
  return texts;
}

describe('the page about messages', () => {
  const straight = (text: string): string => text.replaceAll('’', "'");
  const texts = readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .flatMap((path) => textsIn(join(sources, path)))
    .map(straight);
  const messages = readDocument('docs/troubleshooting.md')
    .tables.filter(([heading]) => heading?.[0] === 'the message says')
    .flatMap(([, ...rows]) => rows.map(([message = '']) => message));

  it('quotes messages as the task writes them', () => {
    const isWritten = (fragment: string): boolean => texts.some((text) => text.includes(straight(fragment)));

    assert.ok(messages.length > 100, String(messages.length));
    assert.deepEqual(
      messages.filter((message) => !fragmentsOf(message).every(isWritten)),
      [],
    );
  });

  it('has a quote in every row', () => {
    assert.deepEqual(
      messages.filter((message) => fragmentsOf(message).join('').length < 6),
      [],
    );
  });
});
