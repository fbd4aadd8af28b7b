import { readFileSync } from 'node:fs';
import GithubSlugger from 'github-slugger';
import MarkdownIt from 'markdown-it';

type Token = ReturnType<InstanceType<typeof MarkdownIt>['parse']>[number];

/** What tests ask of a Markdown file. */
export interface Document {
  links: string[];
  images: string[];
  /** By the rules of GitHub, which Azure DevOps and the Marketplace share for plain headings. */
  anchors: string[];
  /** What stands in backticks in the text, and not in a block. */
  codes: string[];
  /** Each table as its rows, the heading first; each row as the text of its cells. */
  tables: string[][][];
}

export function readDocument(path: string): Document {
  // Raw HTML is parsed, so that a link in it would not be overlooked as text.
  const tokens = new MarkdownIt({ html: true }).parse(readFileSync(path, 'utf8'), {});
  const inline = tokens.flatMap(({ children }) => children ?? []);
  const slugger = new GithubSlugger();
  const attributesOf = (type: string, name: string): string[] =>
    inline.filter((token) => token.type === type).map((token) => String(token.attrGet(name) ?? ''));
  return {
    links: attributesOf('link_open', 'href'),
    images: attributesOf('image', 'src'),
    anchors: tokens
      .filter((_, index) => tokens[index - 1]?.type === 'heading_open')
      .map((heading) => slugger.slug(textOf(heading))),
    codes: inline.filter(({ type }) => type === 'code_inline').map(({ content }) => content),
    tables: tablesIn(tokens),
  };
}

function tablesIn(tokens: readonly Token[]): string[][][] {
  const tables: string[][][] = [];
  for (const [index, { type, content }] of tokens.entries()) {
    if (type === 'table_open') tables.push([]);
    if (type === 'tr_open') tables.at(-1)?.push([]);
    if (/^t[dh]_open$/.test(tokens[index - 1]?.type ?? '')) tables.at(-1)?.at(-1)?.push(content);
  }
  return tables;
}

function textOf({ children, content }: Token): string {
  return children === null ? content : children.map(textOf).join('');
}
