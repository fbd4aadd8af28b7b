import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { FinishedStep, MiniAgent } from './mini-agent/mini-agent.js';

/** The YAML that stands in documents, and how an agent runs it. */

export interface Step {
  task?: string;
  name?: string;
  inputs?: Record<string, string | boolean>;
  script?: string;
  env?: Record<string, string>;
  checkout?: string;
}

interface Pipeline {
  steps?: Step[];
  stages?: { jobs?: { steps?: Step[] }[] }[];
}

/** Every block that is marked as YAML. */
export function yamlIn(document: string): string[] {
  const blocks = readFileSync(document, 'utf8').matchAll(/^```ya?ml\n([^]*?)^```/gm);
  return [...blocks].map((match) => match[1] ?? '');
}

/** The steps of a pipeline, in whatever stages and jobs. */
export function stepsOf(pipeline: unknown): Step[] {
  const { steps = [], stages = [] } = pipeline as Pipeline;
  const inStages = stages.flatMap(({ jobs = [] }) => jobs.flatMap((job) => job.steps ?? []));
  return [...steps, ...inStages].filter(({ checkout }) => checkout === undefined);
}

/** Every YAML of a document that runs the task. */
export function pipelinesIn(document: string): Step[][] {
  return yamlIn(document)
    .map((text) => stepsOf(parse(text)))
    .filter((steps) => steps.some(({ task }) => task === 'InfisicalSecretSync@1'));
}

export async function runOn(job: MiniAgent, step: Step): Promise<FinishedStep> {
  if (step.task === undefined) {
    // Whatever the shell would do with them: what it is given has to be there.
    const script = `for (const name of ${JSON.stringify(Object.keys(step.env ?? {}))})
      if (/^$|^\\$[(]/.test(process.env[name] ?? '')) throw new Error(name + ' is not set');`;
    return job.runScript({ script, env: step.env ?? {} });
  }
  const inputs = Object.entries(step.inputs ?? {}).map(([name, value]) => [name, String(value)]);
  return job.runStep({
    ...(step.name === undefined ? {} : { name: step.name }),
    task: step.task,
    inputs: Object.fromEntries(inputs) as Record<string, string>,
  });
}
