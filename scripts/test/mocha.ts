import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { packageExtension } from '../package/extension.js';
import { root } from '../shared/paths.js';
import { binOf, runNode } from '../shared/run-node.js';

/** Compiles all and packages what ships, which the stories run. @returns the compiler's exit code */
export async function prepareTests(): Promise<number> {
  console.log('Compiling …');
  // Compiled tests whose source is gone would go on running and passing.
  rmSync(join(root, 'build'), { recursive: true, force: true });
  // The page of the forms runs in a browser, so it is checked by itself; esbuild bundles it.
  for (const project of [root, join(root, 'scripts/form/page')]) {
    const { status } = runNode([binOf('typescript', 'tsc'), '-p', project]);
    if (status !== 0) return status;
  }
  console.log('Packaging …');
  await packageExtension();
  return 0;
}

/**
 * The command line of mocha, which runs files side by side, one on each core; without a spec among the arguments it
 * runs every test. `--no-parallel` runs one file after the other.
 */
export function mochaCommand(args: readonly string[]): string[] {
  const hasSpec = args.some((arg) => arg.endsWith('.test.js'));
  const jobs = ['--parallel', '--jobs', String(availableParallelism())];
  return [binOf('mocha'), ...jobs, ...args, ...(hasSpec ? [] : ['build/{emulators,tests}/**/*.test.js'])];
}
