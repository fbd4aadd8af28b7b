import { readFileSync } from 'node:fs';
import { MiniAgent, type MiniAgentOptions } from '../emulators/agent/mini-agent.js';
import { connectionName, startDemoWorld } from './demo/world.js';
import { packageExtension } from './package/extension.js';
import { runCommand } from './shared/run-command.js';
import { realServices } from './task/real-services.js';
import { stepsIn, type TaskStep } from './task/steps.js';

const usage = `Usage: npm run task -- step.yml

Runs the InfisicalSecretSync@1 steps of a YAML file with the packaged task. The file may have one step, a list of steps
or a pipeline. Steps with "enabled: false" are left out. "condition" may be succeeded(), succeededOrFailed(), failed() or
always().
By default the steps run against the emulators of the demo: service connection "${connectionName}", Infisical project
"shop", environment "prod", paths /api and /shared, Azure DevOps project "Shop".
To run against real services, set these environment variables:
  INFISICAL_URL, INFISICAL_CLIENT_ID and INFISICAL_CLIENT_SECRET, or INFISICAL_TOKEN
  AZURE_DEVOPS_URL (https://dev.azure.com/ORGANIZATION/), AZURE_DEVOPS_TOKEN (a bearer token, for example an Entra token),
  AZURE_DEVOPS_PROJECT and AZURE_DEVOPS_PROJECT_ID`;

async function main(): Promise<number> {
  const file = process.argv[2];
  if (file === undefined) throw new Error(usage);
  const jobs = stepsIn(readFileSync(file, 'utf8'));
  if (jobs.length === 0)
    throw new Error(`${file} contains no enabled step "- task: InfisicalSecretSync@1". Add or enable one.`);
  const real = realServices(process.env);
  await packageExtension();
  if (real !== undefined) {
    const { url = '' } = real.endpoints?.[0] ?? {};
    console.log(
      `Running against REAL SERVICES: Infisical at ${url}, Azure DevOps at ${real.collectionUrl}, project ${real.project.name}.\n`,
    );
    return runJobs(jobs, real);
  }
  console.log('Running against emulators on this machine. Nothing real is read or written.\n');
  const { ado, infisical, agentOptions } = await startDemoWorld();
  try {
    return await runJobs(jobs, agentOptions);
  } finally {
    await Promise.all([ado.close(), infisical.close()]);
  }
}

/** @returns the exit code. After a job that failed, nothing more runs: what comes then may build on it. */
async function runJobs(jobs: readonly TaskStep[][], options: MiniAgentOptions): Promise<number> {
  for (const steps of jobs) {
    const agent = new MiniAgent(options);
    try {
      for (const step of steps) await runStep(agent, step);
      if (agent.jobResult === 'Failed') return 1;
    } finally {
      agent.dispose();
    }
  }
  return 0;
}

async function runStep(agent: MiniAgent, step: TaskStep): Promise<void> {
  const { log, result, summaries } = await agent.runStep(step);
  console.log(`${log}\n→ ${result}\n`);
  for (const { content } of summaries) console.log(`The run summary:\n\n${content}\n`);
}

runCommand(main);
