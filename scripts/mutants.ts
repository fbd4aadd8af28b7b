import { relative, resolve } from 'node:path';
import { changedLines } from './mutants/changed.js';
import { runStryker, strykerFolder } from './mutants/stryker.js';
import { filesOf, sources, suites } from './mutants/subjects.js';
import { percent, scoresOf, type Score } from './mutants/survivors.js';
import { installOnDemand } from './shared/on-demand.js';
import { root } from './shared/paths.js';
import { runCommand } from './shared/run-command.js';

/**
 * `npm run mutants`: breaks the sources in one place after the other and tells where no test noticed. Files, or globs,
 * name what to break; `--changed` takes the lines that differ from the main branch. Writes pages to `dist/mutants`.
 */
function main(): number {
  const args = process.argv.slice(2);
  const isWhole = args.length === 0;
  const named = args.map((path) => relative(root, resolve(path)));
  const chosen = isWhole ? ['**'] : args.includes('--changed') ? changedLines() : named;
  const work = suites
    .map((suite) => ({ suite, files: filesOf(suite, chosen) }))
    .filter(({ files }) => files.length > 0);
  if (work.length === 0) {
    console.log('Nothing to mutate.');
    return 0;
  }
  const installed = installOnDemand('mutants', strykerFolder);
  if (installed !== 0) return installed;
  const scores: Score[] = [];
  for (const { suite, files } of work) {
    console.log(`Mutating ${suite.name} …`);
    const report = runStryker(suite, files);
    if (report === undefined) return 1;
    scores.push(...scoresOf(report));
  }
  scores.forEach(printSurvivors);
  scores.forEach(printScore);
  return scores.some((score) => falls(score, isWhole)) ? 1 : 0;
}

/** Of a few mutants a share says nothing. */
function falls(score: Score, isWhole: boolean): boolean {
  return score.goal === 100 || isWhole ? percent(score) < score.goal : false;
}

function printSurvivors({ survivors }: Score): void {
  for (const { file, line, was, becomes } of survivors)
    console.log(`${sources}/${file}:${String(line)}\n  - ${was}\n  + ${becomes}`);
}

function printScore(score: Score): void {
  const { place, goal, killed, endless, survivors } = score;
  const share = `${percent(score).toFixed(1).padStart(5)} %, goal ${String(goal)} %`;
  const counts = `${String(killed)} killed (${String(endless)} ran without an end), ${String(survivors.length)} survived`;
  console.log(`${place.padEnd(28)} ${share}: ${counts}`);
}

runCommand(main);
