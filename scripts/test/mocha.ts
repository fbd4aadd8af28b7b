import { availableParallelism } from 'node:os';
import { binOf } from '../shared/run-node.js';

/** Half of the time a test waits: for a process that starts, for a pause that the task makes, for the disk. */
const filesForEachCore = 2;

/**
 * The command line of mocha, which runs compiled files side by side; without a spec among the arguments it runs every
 * test, the longest files first, so that none of them is left alone at the end. `--no-parallel` runs one file after the
 * other.
 */
export function mochaCommand(args: readonly string[]): string[] {
  const hasSpec = args.some((arg) => arg.endsWith('.test.js'));
  const jobs = ['--parallel', '--jobs', String(filesForEachCore * availableParallelism())];
  // Thousands of tries in one test, with a core that is shared, take longer than .mocharc.json allows a test.
  const patience = process.env['THOROUGH'] === 'true' ? ['--timeout', '300000'] : [];
  return [binOf('mocha'), ...jobs, ...patience, ...args, ...(hasSpec ? [] : everyTest)];
}

const everyTest = [
  'build/tests/trouble/**/*.test.js',
  'build/tests/!(trouble)/**/*.test.js',
  'build/emulators/**/*.test.js',
];

/** The same for sources, which are compiled as they are loaded and not checked. `--watch` runs them at each change. */
export function mochaFromSource(args: readonly string[]): string[] {
  const watch = args.includes('--watch') ? ['--watch-files', '{emulators,scripts,tasks,tests}/**/*.ts'] : [];
  return [binOf('mocha'), '--node-option', 'conditions=source', '--require', 'tsx', ...watch, ...args];
}
