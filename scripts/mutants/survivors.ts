import { join, relative } from 'node:path';
import { root } from '../shared/paths.js';
import { typeChecker } from './compiles.js';
import { equivalents } from './equivalents.js';
import type { MutantReport, ReportedMutant } from './stryker.js';
import { goalOf, sources } from './subjects.js';

export interface Survivor {
  /** Below the task's sources. */
  file: string;
  line: number;
  was: string;
  becomes: string;
}

export interface Score {
  place: string;
  goal: number;
  killed: number;
  /** Of those that were killed, how many ran without an end. */
  endless: number;
  survivors: Survivor[];
}

/**
 * The mutants of a report by place: a folder, or a file with a goal of its own. Left out are those that are equivalent
 * and those that do not compile.
 */
export function scoresOf({ files }: MutantReport): Score[] {
  const compiles = typeChecker();
  const scores = new Map<string, Score>();
  for (const [path, { source, mutants }] of Object.entries(files)) {
    const file = relative(sources, path);
    const place = placeOf(file);
    const score = scores.get(place) ?? { place, goal: goalOf(file), killed: 0, endless: 0, survivors: [] };
    scores.set(place, score);
    score.killed += mutants.filter(({ status }) => status === 'Killed' || status === 'Timeout').length;
    score.endless += mutants.filter(({ status }) => status === 'Timeout').length;
    score.survivors.push(
      ...mutants
        .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
        .filter((mutant) => compiles(join(root, path), mutated(source, mutant)))
        .map((mutant) => survivor(file, source.split('\n'), mutant))
        .filter((candidate) => !isEquivalent(candidate)),
    );
  }
  return [...scores.values()].sort((a, b) => (a.place < b.place ? -1 : 1));
}

export function percent({ killed, survivors }: Score): number {
  const all = killed + survivors.length;
  return all === 0 ? 100 : (100 * killed) / all;
}

function placeOf(file: string): string {
  const folder = file.split('/').slice(0, -1).join('/');
  return goalOf(file) === goalOf(`${folder}/`) ? folder : file;
}

function mutated(source: string, { location: { start, end }, replacement }: ReportedMutant): string {
  const lines = source.split('\n');
  const offset = ({ line, column }: { line: number; column: number }): number =>
    lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0) + column - 1;
  return source.slice(0, offset(start)) + replacement + source.slice(offset(end));
}

function survivor(
  file: string,
  lines: readonly string[],
  { location, replacement }: ReportedMutant,
): Survivor {
  const { start, end } = location;
  const first = lines[start.line - 1] ?? '';
  const last = lines[end.line - 1] ?? '';
  return {
    file,
    line: start.line,
    was: inOneLine(first),
    becomes: inOneLine(first.slice(0, start.column - 1) + replacement + last.slice(end.column - 1)),
  };
}

const inOneLine = (text: string): string => text.trim().replace(/\s+/g, ' ');

function isEquivalent({ file, was, becomes }: Survivor): boolean {
  return equivalents.some((known) => known.file === file && known.was === was && known.becomes === becomes);
}
