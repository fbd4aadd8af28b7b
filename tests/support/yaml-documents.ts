import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import MarkdownIt from 'markdown-it';
import { parse } from 'yaml';
import type { FinishedStep, MiniAgent } from '../../emulators/agent/mini-agent.js';

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
  jobs?: Job[];
  stages?: { jobs?: Job[] }[];
}

interface Job {
  steps?: Step[];
  strategy?: { runOnce?: { deploy?: { steps?: Step[] } } };
}

/** Every Markdown file of the repository. */
export function documents(): string[] {
  return execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
    encoding: 'utf8',
  })
    .split('\n')
    .filter((path) => path !== '' && existsSync(path));
}

/** Those that show a pipeline. */
export function yamlDocuments(): string[] {
  return documents().filter((path) => yamlIn(path).length > 0);
}

/** Every block that is marked as YAML, in a list, too. */
export function yamlIn(document: string): string[] {
  return new MarkdownIt()
    .parse(readFileSync(document, 'utf8'), {})
    .filter(({ type, info }) => type === 'fence' && /^ya?ml$/.test(info.trim()))
    .map(({ content }) => content);
}

/** The steps of a pipeline, in whatever stages and jobs. */
export function stepsOf(pipeline: unknown): Step[] {
  const { steps = [], jobs = [], stages = [] } = pipeline as Pipeline;
  const inJobs = [...jobs, ...stages.flatMap((stage) => stage.jobs ?? [])].flatMap(
    (job) => job.steps ?? job.strategy?.runOnce?.deploy?.steps ?? [],
  );
  return [...steps, ...inJobs].filter(({ checkout }) => checkout === undefined);
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
