import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { packages, root } from '../shared/paths.js';
import { runNode } from '../shared/run-node.js';
import type { Suite } from './subjects.js';

/** Stryker and the last mocha that it can drive, which `npm ci` leaves out. */
export const strykerFolder = join(root, 'scripts/mutants/on-demand');
const reports = join(packages, 'mutants');

/** The part of Stryker's report that is read here: https://github.com/stryker-mutator/mutation-testing-elements */
export interface MutantReport {
  files: Record<string, { source: string; mutants: ReportedMutant[] }>;
}

export interface ReportedMutant {
  replacement: string;
  location: Record<'start' | 'end', { line: number; column: number }>;
  status: 'Killed' | 'Survived' | 'NoCoverage' | 'Timeout' | 'CompileError' | 'RuntimeError' | 'Ignored';
}

/**
 * Runs a suite's tests on each mutant of some files.
 * @param files as Stryker takes them: globs, or paths with a range of lines
 * @returns undefined when the tests failed without a mutant, which Stryker has told by then
 */
export function runStryker({ name, tests }: Suite, files: readonly string[]): MutantReport | undefined {
  mkdirSync(reports, { recursive: true });
  const settings = join(reports, `${name}.settings.json`);
  const report = join(reports, `${name}.json`);
  writeFileSync(settings, JSON.stringify(settingsFor(name, tests, files)));
  const { status } = runNode([
    join(strykerFolder, 'node_modules/@stryker-mutator/core/bin/stryker.js'),
    'run',
    settings,
  ]);
  return status === 0 ? (JSON.parse(readFileSync(report, 'utf8')) as MutantReport) : undefined;
}

function settingsFor(name: string, tests: readonly string[], files: readonly string[]): object {
  return {
    mutate: files,
    // Only the tests that reach a mutant run on it, and end with the first that fails.
    testRunner: 'mocha',
    coverageAnalysis: 'perTest',
    mochaOptions: { spec: tests, 'no-config': true },
    testRunnerNodeArgs: ['--conditions=source', '--import=tsx'],
    plugins: ['@stryker-mutator/mocha-runner', join(root, 'scripts/mutants/prose.mjs')],
    ignorers: ['prose'],
    concurrency: availableParallelism(),
    // Endless loops are found by counting. What waits for ever is cut off here, and a busy machine must not look like it.
    timeoutMS: 20_000,
    // The mutants run in a copy, so that the sources stay as they are.
    tempDirName: join(reports, 'copy'),
    ignorePatterns: ['*', ...copied.map((path) => `!/${path}`), 'node_modules'],
    // tsx checks no types.
    disableTypeChecks: false,
    allowConsoleColors: false,
    reporters: ['json', 'html', 'progress-append-only'],
    jsonReporter: { fileName: join(reports, `${name}.json`) },
    htmlReporter: { fileName: join(reports, `${name}.html`) },
  };
}

const copied = [
  'tasks/**/src/**',
  'tasks/**/*.json',
  'tests/**',
  'emulators/**',
  'scripts/**',
  'package.json',
];
