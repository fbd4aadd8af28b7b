import { readFileSync } from 'node:fs';

/** The rows of a table between two markers, `<!-- marker -->` and `<!-- /marker -->`: the text of each cell. */
export function rowsBetween(path: string, marker: string): string[][] {
  const document = readFileSync(path, 'utf8');
  const [from, to] = [`<!-- ${marker} -->`, `<!-- /${marker} -->`].map((mark) => document.indexOf(mark));
  return document
    .slice(from, to)
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}
