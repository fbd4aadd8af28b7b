import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { formPage } from './form/page-file.js';
import { packages, root } from './shared/paths.js';
import { runCommand } from './shared/run-command.js';

/** `npm run form`: the forms of the task and of the service connection as a page, without an organization. */
async function main(): Promise<void> {
  const page = join(packages, 'form.html');
  mkdirSync(packages, { recursive: true });
  writeFileSync(page, await formPage());
  console.log(`Wrote ${relative(root, page)}; open it in a browser.`);
}

runCommand(main);
