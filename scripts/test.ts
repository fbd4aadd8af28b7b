import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measuredTask, root, taskFolder } from './shared/paths.js';
import { binOf, runNode } from './shared/run-node.js';
import { mochaCommand, prepareTests } from './test/mocha.js';
import { runCommand } from './shared/run-command.js';

/**
 * `npm test`: compiles, packages what ships, runs all tests on it. `--coverage` measures; other arguments go to mocha,
 * for example `npm test -- --grep guard`.
 */
async function main(): Promise<number> {
  const args = process.argv.slice(2);
  const prepared = await prepareTests();
  if (prepared !== 0) return prepared;
  console.log('Testing …');
  const mocha = mochaCommand(args.filter((arg) => arg !== '--coverage'));
  if (!args.includes('--coverage')) return runNode(mocha).status;
  prepareMeasuredTask();
  process.env['TASK_FOLDER'] = measuredTask;
  return runNode([binOf('c8'), process.execPath, ...mocha]).status;
}

/** Coverage of a bundle can't be mapped back truly, so measured stories run the compiled modules that unit tests run. */
function prepareMeasuredTask(): void {
  mkdirSync(measuredTask, { recursive: true });
  cpSync(join(taskFolder, 'task.json'), join(measuredTask, 'task.json'));
  const main = join(root, 'build/tasks/InfisicalSecretSync/src/main.js');
  writeFileSync(join(measuredTask, 'index.js'), `require(${JSON.stringify(main)});\n`);
}

runCommand(main);
