import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { packageExtension } from './packaging.js';
import { root } from './paths.js';
import { binOf, runNode } from './run-node.js';

/**
 * `npm test`: compiles, packages what ships, runs all tests on it. `--coverage` measures; other arguments go to mocha,
 * for example `npm test -- --grep guard`.
 */
async function main(): Promise<number> {
  const args = process.argv.slice(2);
  const mochaArgs = args.filter((arg) => arg !== '--coverage');
  console.log('Compiling …');
  // Compiled tests whose source is gone would go on running and passing.
  rmSync(join(root, 'build'), { recursive: true, force: true });
  const compiled = runNode([binOf('typescript', 'tsc'), '-p', root]);
  if (compiled.status !== 0) return compiled.status;
  console.log('Packaging …');
  await packageExtension();
  console.log('Testing …');
  const mocha = [binOf('mocha'), ...mochaArgs];
  return runNode(args.includes('--coverage') ? [binOf('c8'), process.execPath, ...mocha] : mocha).status;
}

main().then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
