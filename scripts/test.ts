import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measuredTask, root, taskFolder } from './shared/paths.js';
import { runCommand } from './shared/run-command.js';
import { binOf, runNode } from './shared/run-node.js';
import { mochaCommand, mochaFromSource } from './test/mocha.js';
import { prepareTests } from './test/prepare.js';
import { compiled, runFromSource } from './test/selection.js';
import { tellSkipped } from './test/skipped.js';

/**
 * `npm test`: compiles, packages what ships, runs all tests on it. `--coverage` measures. Other arguments go to mocha,
 * for example `npm test -- --grep guard`. A source, `npm test -- tests/unit/domain/guard.test.ts`, is run without
 * compiling and packaging the rest where it needs neither; `--watch` runs it again at each change.
 */
async function main(): Promise<number> {
  const args = process.argv.slice(2).filter((arg) => arg !== '--coverage');
  if (runFromSource(args)) return tellSkipped(() => runNode(mochaFromSource(args)).status);
  if (args.includes('--watch'))
    throw new Error(
      '--watch works only with tests that run without the package. Name such a file, for example tests/unit/domain/guard.test.ts.',
    );
  const prepared = await prepareTests();
  if (prepared !== 0) return prepared;
  console.log('Testing …');
  const mocha = mochaCommand(compiled(args));
  if (!process.argv.includes('--coverage')) return tellSkipped(() => runNode(mocha).status);
  prepareMeasuredTask();
  process.env['TASK_FOLDER'] = measuredTask;
  return tellSkipped(() => runNode([binOf('c8'), process.execPath, ...mocha]).status);
}

/** Coverage of a bundle can't be mapped back truly, so measured stories run the compiled modules that unit tests run. */
function prepareMeasuredTask(): void {
  mkdirSync(measuredTask, { recursive: true });
  cpSync(join(taskFolder, 'task.json'), join(measuredTask, 'task.json'));
  const main = join(root, 'build/tasks/InfisicalSecretSync/src/main.js');
  writeFileSync(join(measuredTask, 'index.js'), `require(${JSON.stringify(main)});\n`);
}

runCommand(main);
