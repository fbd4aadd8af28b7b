import { availableParallelism } from 'node:os';
import { binOf } from '../shared/run-node.js';

/**
 * The command line of mocha, which runs compiled files side by side, one on each core; without a spec among the
 * arguments it runs every test. `--no-parallel` runs one file after the other.
 */
export function mochaCommand(args: readonly string[]): string[] {
  const hasSpec = args.some((arg) => arg.endsWith('.test.js'));
  const jobs = ['--parallel', '--jobs', String(availableParallelism())];
  return [binOf('mocha'), ...jobs, ...args, ...(hasSpec ? [] : ['build/{emulators,tests}/**/*.test.js'])];
}

/** The same for sources, which are compiled as they are loaded and not checked. `--watch` runs them at each change. */
export function mochaFromSource(args: readonly string[]): string[] {
  const watch = args.includes('--watch') ? ['--watch-files', '{emulators,scripts,tasks,tests}/**/*.ts'] : [];
  return [binOf('mocha'), '--node-option', 'conditions=source', '--require', 'tsx', ...watch, ...args];
}
