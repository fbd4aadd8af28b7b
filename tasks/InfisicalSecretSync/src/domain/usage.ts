import { environmentName } from './environment-name.js';
import { isHarmless } from './name-policy.js';
import type { Usage } from './report.js';

/** More lines than this nobody copies from a run page. */
const mostLines = 200;

/** Where output variables come from: the names that the agent gives a running step. */
export interface OutputOrigin {
  /** System.TaskInstanceName: the step's `name`, or one that the service made up. */
  step: string;
  /** System.PhaseName: the job's name in YAML. */
  job: string;
  /** System.JobName: `__default`, or which of the jobs that a matrix or a deployment strategy makes of it. */
  jobInstance: string;
  /** System.StageName; `__default` where the YAML has no stages. */
  stage: string;
}

const unnamed = '__default';

/** An `env:` block that hands variables to a script: secrets get there only by it. */
export function envBlock(names: readonly string[]): Usage {
  const taken = new Set<string>();
  const lines = names.map((name) => `  ${shellName(name, taken)}: ${scalar(`$(${name})`)}`);
  return { title: 'To use the variables in a script of this job', yaml: ['env:', ...bounded(lines)] };
}

/** The expressions with which later jobs and stages read output variables. */
export function outputExpressions(names: readonly string[], origin: OutputOrigin): Usage[] {
  const { step, job, jobInstance, stage } = origin;
  // Microsoft documents the prefix for matrix and deployment jobs.
  const prefix = jobInstance === '' || jobInstance === unnamed ? step : `${jobInstance}.${step}`;
  const block = (title: string, from: string): Usage => ({
    title,
    yaml: [
      'variables:',
      ...bounded(
        names.map((name) => {
          const output = `${prefix}.${name}`.replaceAll("'", "''");
          return `  ${scalar(harmlessName(name))}: ${scalar(`$[ ${from}.outputs['${output}'] ]`)}`;
        }),
      ),
    ],
  });
  return [
    block(`In a later job of this stage, with dependsOn: ${job}`, `dependencies.${job}`),
    ...(stage === '' || stage === unnamed
      ? []
      : [block(`In a later stage, with dependsOn: ${stage}`, `stageDependencies.${stage}.${job}`)]),
  ];
}

function bounded(lines: readonly string[]): string[] {
  const more = lines.length - mostLines;
  return more > 0 ? [...lines.slice(0, mostLines), `  # and ${String(more)} more`] : [...lines];
}

/** A name that every shell can use, and that no other line of the block has. */
function shellName(name: string, taken: Set<string>): string {
  // YAML allows a key of 1,024 characters.
  const cleaned = environmentName(name)
    .replace(/[^A-Z0-9_]/g, '_')
    .slice(0, 200);
  const base = /^\d/.test(cleaned) ? `_${cleaned}` : cleaned;
  let candidate = harmlessName(base);
  for (let number = 2; taken.has(candidate); number += 1)
    candidate = harmlessName(`${base}_${String(number)}`);
  taken.add(candidate);
  return candidate;
}

/** A name that has no power over the script: by `env:` a secret would get it. */
function harmlessName(name: string): string {
  return isHarmless(name) ? name : `APP_${name}`;
}

/** A YAML scalar on one line; JSON's quotes are YAML's double quotes. */
function scalar(text: string): string {
  return /^[$\w][\w$()[\]'. -]*$/.test(text) && !/[ ]$/.test(text) ? text : JSON.stringify(text);
}
