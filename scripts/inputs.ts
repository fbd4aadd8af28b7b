import { writeFileSync } from 'node:fs';
import { inputPage, inputPageOf, readTaskJson } from './inputs/page.js';
import { runCommand } from './shared/run-command.js';

/** `npm run inputs`: writes docs/inputs.md anew, after a change of task.json. */
async function main(): Promise<void> {
  writeFileSync(inputPage, await inputPageOf(readTaskJson()));
  console.log('Wrote docs/inputs.md.');
}

runCommand(main);
