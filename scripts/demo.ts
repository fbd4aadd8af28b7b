import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { runDemo, type ShownGroup } from './demo/runs.js';
import { packageExtension } from './package/extension.js';
import { packages, root } from './shared/paths.js';
import { renderPage } from './demo/summary-page.js';
import { runCommand } from './shared/run-command.js';

/** `npm run demo`: the packaged task at work, as a person would see it in Azure Pipelines. */
async function main(): Promise<void> {
  console.log('Packaging the extension …');
  await packageExtension();
  console.log('Starting an emulated Azure DevOps and Infisical on this machine …\n');
  const { runs, group } = await runDemo(console.log);
  showGroup(group);
  const page = join(packages, 'demo/summary.html');
  mkdirSync(join(packages, 'demo'), { recursive: true });
  writeFileSync(page, renderPage('Secret Sync for Infisical: the demo', runs));
  console.log(`\nThe run summaries are also on one page: ${relative(root, page)}`);
}

/** The group as the Library shows it: secrets as stars. */
function showGroup({ name: group, project, description, variables }: ShownGroup): void {
  const width = Math.max(...variables.map(({ name }) => name.length));
  console.log(`Library › variable group "${group}" of project "${project}", as Azure DevOps shows it:`);
  const [first = '', ...others] = description.split('\n');
  console.log(`  description: ${first}`);
  for (const line of others) console.log(`               ${line}`);
  for (const { name, value } of variables)
    console.log(`  ${name.padEnd(width)}  ${value === undefined ? '******** (secret)' : `${value} (plain)`}`);
}

runCommand(main);
