import { connectionName, startDemoWorld, runStep } from './world.js';

/** What the demo's step is given, beside the action. */
export const demoInputs = {
  infisicalConnection: connectionName,
  infisicalProject: 'shop',
  environment: 'prod',
  secretPath: '/api',
  variableGroup: 'shop-prod',
  plainTag: 'plain',
};

export interface DemoRun {
  heading: string;
  log: string;
  /** The Markdown of its run page. */
  summary: string;
}

/** A variable group as the Library shows it. */
export interface ShownGroup {
  name: string;
  project: string;
  description: string;
  /** No value where it is secret. */
  variables: { name: string; value: string | undefined }[];
}

/**
 * Six runs of the packaged task: a plan, a sync, one more of which nothing comes, a sync after a change in Infisical,
 * a check that finds an edit by hand, and the sync that puts it right.
 * @param tell what a person would see meanwhile
 */
export async function runDemo(tell: (text: string) => void): Promise<{ runs: DemoRun[]; group: ShownGroup }> {
  const { ado, infisical, agentOptions } = await startDemoWorld();
  const runs: DemoRun[] = [];
  const run = async (heading: string, extra: Record<string, string> = {}): Promise<void> => {
    const step = await runStep(agentOptions, { ...demoInputs, ...extra }, heading);
    tell(`${step.log}\n→ ${step.result}\n`);
    if (step.result.startsWith('Succeeded') !== (extra['action'] !== 'check'))
      throw new Error(`The demo's step "${heading}" ended as ${step.result}.`);
    runs.push({ heading, log: step.log, summary: step.summaries[0]?.content ?? '' });
  };
  try {
    await run('1. Plan: what would a sync do?', { action: 'plan' });
    await run('2. Sync: the group is created');
    await run('3. Sync again: nothing has changed, nothing is written');
    const api = { project: 'shop', environment: 'prod', path: '/api' };
    infisical.setSecret(api, 'PAYMENT_TOKEN', 'pay-Hj27-Wc90');
    infisical.deleteSecret(api, 'OLD_TOKEN');
    infisical.setSecret(api, 'REGION', 'northeurope', { tags: ['plain'] });
    tell('In Infisical, somebody adds PAYMENT_TOKEN, deletes OLD_TOKEN and changes REGION.\n');
    await run('4. Sync again, after the change');
    ado.editGroup('Shop', 'shop-prod', (group) => {
      group.variables.set('DB_PASSWORD', { value: 'typed', isSecret: true, isReadOnly: false, extra: {} });
    });
    tell('In the Library, somebody types another DB_PASSWORD into the group.\n');
    await run('5. Check: does the group match Infisical?', { action: 'check' });
    await run('6. Sync: the edit by hand is undone');
    const variables = Object.entries(ado.variables('Shop', 'shop-prod')).map(([name, variable]) => ({
      name,
      value: variable.isSecret ? undefined : (variable.value ?? ''),
    }));
    const description = ado.group('Shop', 'shop-prod')?.description ?? '';
    return { runs, group: { name: 'shop-prod', project: 'Shop', description, variables } };
  } finally {
    await Promise.all([ado.close(), infisical.close()]);
  }
}
