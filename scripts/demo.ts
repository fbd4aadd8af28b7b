import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { connectionName, runStep, startDemoWorld } from './demo-world.js';
import { packageExtension } from './packaging.js';
import { packages, root } from './paths.js';
import { renderPage } from './summary-page.js';

const inputs = {
  infisicalConnection: connectionName,
  infisicalProject: 'shop',
  environment: 'prod',
  secretPath: '/api',
  variableGroup: 'shop-prod',
  plainTag: 'plain',
};

/** Three runs of the packaged task: a plan, a sync, and a second sync after a change in Infisical. */
async function main(): Promise<void> {
  console.log('Packaging the extension …');
  await packageExtension();
  console.log('Starting an emulated Azure DevOps and Infisical on this machine …\n');
  const { ado, infisical, agentOptions } = await startDemoWorld();
  const summaries: { heading: string; markdown: string }[] = [];
  const run = async (heading: string, extra: Record<string, string> = {}): Promise<void> => {
    const step = await runStep(agentOptions, { ...inputs, ...extra }, heading);
    if (!step.result.startsWith('Succeeded'))
      throw new Error(`The demo's step "${heading}" ended as ${step.result}.`);
    summaries.push({ heading, markdown: step.summaries[0]?.content ?? '' });
  };
  try {
    await run('1. Plan: what would a sync do?', { action: 'plan' });
    await run('2. Sync: the group is made');
    const api = { project: 'shop', environment: 'prod', path: '/api' };
    infisical.setSecret(api, 'PAYMENT_TOKEN', 'pay-Hj27-Wc90');
    infisical.deleteSecret(api, 'OLD_TOKEN');
    infisical.setSecret(api, 'REGION', 'northeurope', { tags: ['plain'] });
    console.log('In Infisical, somebody adds PAYMENT_TOKEN, deletes OLD_TOKEN and changes REGION.\n');
    await run('3. Sync again, after the change');
    showGroup(ado.group('Shop', 'shop-prod')?.description ?? '', ado.variables('Shop', 'shop-prod'));
  } finally {
    await Promise.all([ado.close(), infisical.close()]);
  }
  const page = join(packages, 'demo/summary.html');
  mkdirSync(join(packages, 'demo'), { recursive: true });
  writeFileSync(page, renderPage('Secret Sync for Infisical: the demo', summaries));
  console.log(`\nThe run summaries as a page: ${relative(root, page)}`);
}

/** The group as the Library shows it: secrets as stars. */
function showGroup(
  description: string,
  variables: Record<string, { value: string | null; isSecret: boolean }>,
): void {
  const rows = Object.entries(variables);
  const width = Math.max(...rows.map(([name]) => name.length));
  console.log('Library › variable group "shop-prod" of project "Shop", as Azure DevOps shows it:');
  console.log(`  description: ${description}`);
  for (const [name, { value, isSecret }] of rows) {
    console.log(`  ${name.padEnd(width)}  ${isSecret ? '******** (secret)' : `${value ?? ''} (plain)`}`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
