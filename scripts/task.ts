import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { MiniAgentOptions } from '../emulators/agent/mini-agent.js';
import { connectionName, runStep, startDemoWorld } from './demo/world.js';
import { packageExtension } from './package/extension.js';
import { join } from 'node:path';
import { unpacked } from './shared/paths.js';
import { runCommand } from './shared/run-command.js';

const usage = `Usage: npm run task -- step.yml

Runs the InfisicalSecretSync@1 steps of a YAML file with the packaged task.
Without further settings it runs against the emulators of the demo (service connection "${connectionName}",
Infisical project "shop", environment "prod", paths /api and /shared; Azure DevOps project "Shop").
Against real services, set these environment variables:
  INFISICAL_URL, INFISICAL_CLIENT_ID and INFISICAL_CLIENT_SECRET, or INFISICAL_TOKEN
  AZURE_DEVOPS_URL (https://dev.azure.com/ORGANIZATION/), AZURE_DEVOPS_TOKEN (a bearer token, for example an Entra token),
  AZURE_DEVOPS_PROJECT and AZURE_DEVOPS_PROJECT_ID`;

interface Step {
  task?: string;
  displayName?: string;
  inputs?: Record<string, string | number | boolean>;
}

async function main(): Promise<number> {
  const file = process.argv[2];
  if (file === undefined) throw new Error(usage);
  const steps = stepsIn(readFileSync(file, 'utf8'));
  if (steps.length === 0) throw new Error(`${file} holds no step "- task: InfisicalSecretSync@1".`);
  await packageExtension();
  const real = realServices(process.env);
  const demo = real === undefined ? await startDemoWorld() : undefined;
  const agentOptions = real ?? demo?.agentOptions;
  if (agentOptions === undefined) throw new Error(usage);
  let status = 0;
  try {
    for (const { displayName, inputs } of steps) {
      const texts = Object.entries(inputs ?? {}).map(([name, value]) => [name, String(value)]);
      const step = await runStep(
        agentOptions,
        Object.fromEntries(texts) as Record<string, string>,
        displayName ?? 'InfisicalSecretSync',
      );
      console.log(`${step.log}\n→ ${step.result}\n`);
      if (!step.result.startsWith('Succeeded')) status = 1;
    }
    return status;
  } finally {
    await Promise.all([demo?.ado.close(), demo?.infisical.close()]);
  }
}

/** The task's steps of a pipeline, of a list of steps, or of a single step. */
function stepsIn(text: string): Step[] {
  const document = parse(text) as { steps?: Step[] } | Step[] | Step | null;
  const steps = Array.isArray(document)
    ? document
    : ((document as { steps?: Step[] } | null)?.steps ?? [document as Step]);
  return steps.filter((step) => /^InfisicalSecretSync@1$/i.test(step.task ?? ''));
}

/** The services that the environment names, all of it or none. */
function realServices(env: NodeJS.ProcessEnv): MiniAgentOptions | undefined {
  const url = env['INFISICAL_URL'];
  const token = env['INFISICAL_TOKEN'];
  if (url === undefined && env['AZURE_DEVOPS_URL'] === undefined) return undefined;
  const need = (name: string): string => {
    const value = env[name];
    if (value === undefined || value === '') throw new Error(`${name} is not set.\n\n${usage}`);
    return value;
  };
  const auth =
    token === undefined
      ? {
          scheme: 'UsernamePassword',
          parameters: { username: need('INFISICAL_CLIENT_ID'), password: need('INFISICAL_CLIENT_SECRET') },
        }
      : { scheme: 'Token', parameters: { apitoken: token } };
  return {
    taskFolder: join(unpacked, 'tasks/InfisicalSecretSync'),
    collectionUrl: need('AZURE_DEVOPS_URL'),
    project: { id: need('AZURE_DEVOPS_PROJECT_ID'), name: need('AZURE_DEVOPS_PROJECT') },
    jobToken: need('AZURE_DEVOPS_TOKEN'),
    endpoints: [
      { name: connectionName, type: 'infisicalMachineIdentity', url: need('INFISICAL_URL'), ...auth },
    ],
  };
}

runCommand(main);
