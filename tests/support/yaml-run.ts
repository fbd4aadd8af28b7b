import assert from 'node:assert/strict';
import type { FinishedStep, MiniAgent, MiniAgentOptions } from '../../emulators/agent/mini-agent.js';
import { runOn, type Step } from './yaml-documents.js';

/** Runs the pipelines of documents under the mini-agent, job after job, with what Azure Pipelines hands from one to the next. */

type Settings = NonNullable<MiniAgentOptions['variables']>;
type Declared =
  Record<string, string | number | boolean> | ({ group: string } | { name: string; value: string })[];

interface Job {
  job?: string;
  deployment?: string;
  condition?: string;
  variables?: Declared;
  steps?: Step[];
  strategy?: {
    matrix?: Record<string, Record<string, string>>;
    runOnce?: { deploy: { steps: Step[] } };
  };
}

export interface Pipeline {
  variables?: Declared;
  stages?: { stage: string; variables?: Declared; jobs: Job[] }[];
  jobs?: Job[];
  steps?: Step[];
}

export interface Ways {
  startJob: (variables: Settings) => MiniAgent;
  /** The variables of a group in the Library. */
  groupNamed: (name: string) => Settings;
}

/** By `stage.job`, and in it by `step.variable`. */
type Outputs = Map<string, Record<string, string>>;

/** Runs every step of every job. @throws AssertionError when one does not succeed */
export async function runPipeline(pipeline: Pipeline, ways: Ways): Promise<FinishedStep[]> {
  const { steps, jobs = steps === undefined ? [] : [{ job: 'Job', steps }] } = pipeline;
  const stages = pipeline.stages ?? [{ stage: '__default', jobs }];
  const outputs: Outputs = new Map();
  const finished: FinishedStep[] = [];
  for (const stage of stages) {
    for (const job of stage.jobs) {
      if (!holds(job.condition, { stage, outputs })) continue;
      const declared = [pipeline.variables, stage.variables, job.variables];
      const settings = merged(declared.map((some) => settingsOf(some, { stage, outputs, ways })));
      const legs: Settings[] = Object.values(job.strategy?.matrix ?? { all: {} });
      for (const leg of legs) {
        const ran = await runJob(job, ways.startJob({ ...settings, ...leg }));
        outputs.set(`${stage.stage}.${nameOf(job)}`, ran.outputs);
        finished.push(...ran.finished);
      }
    }
  }
  return finished;
}

async function runJob(
  job: Job,
  agent: MiniAgent,
): Promise<{ finished: FinishedStep[]; outputs: Record<string, string> }> {
  const steps = job.steps ?? job.strategy?.runOnce?.deploy.steps ?? [];
  const finished: FinishedStep[] = [];
  const outputs: Record<string, string> = {};
  // A deployment job puts its own name in front of the step's.
  const prefix = job.deployment === undefined ? '' : `${job.deployment}.`;
  try {
    for (const step of steps.filter(({ checkout }) => checkout === undefined)) {
      const ran = await runOn(agent, step);
      assert.match(ran.result, /^Succeeded/, ran.log);
      finished.push(ran);
      for (const [name, value] of Object.entries(ran.outputs))
        outputs[`${prefix}${step.name ?? ''}.${name}`] = value;
    }
  } finally {
    agent.dispose();
  }
  return { finished, outputs };
}

function nameOf({ job, deployment }: Job): string {
  return job ?? deployment ?? '';
}

function settingsOf(
  declared: Declared | undefined,
  context: { stage: { stage: string }; outputs: Outputs; ways: Ways },
): Settings {
  if (declared === undefined) return {};
  if (!Array.isArray(declared))
    return Object.fromEntries(
      Object.entries(declared).map(([name, value]) => [name, valueOf(String(value), context)]),
    );
  const parts = declared.map((entry) =>
    'group' in entry ? context.ways.groupNamed(entry.group) : { [entry.name]: valueOf(entry.value, context) },
  );
  return merged(parts);
}

function merged(parts: Settings[]): Settings {
  return Object.assign({}, ...parts) as Settings;
}

/** The one kind of condition in our documents: what an output of an earlier job is, or is not. */
function holds(
  condition: string | undefined,
  context: { stage: { stage: string }; outputs: Outputs },
): boolean {
  if (condition === undefined) return true;
  const [, verb, output = '', wanted] =
    /^and\(succeeded\(\), (eq|ne)\(((?:stageD|d)ependencies\.[^,]+), '(\w*)'\)\)$/.exec(condition) ?? [];
  assert.ok(verb !== undefined, `a condition that this runner does not know: ${condition}`);
  return (valueOf(`$[ ${output} ]`, context) === wanted) === (verb === 'eq');
}

/** The one kind of expression in our documents: an output of an earlier job. Nothing is an empty text, as in the real thing. */
function valueOf(text: string, { stage, outputs }: { stage: { stage: string }; outputs: Outputs }): string {
  const expression =
    /^\$\[ (?:stageDependencies\.(\w+)|dependencies)\.(\w+)\.outputs\['([\w.-]+)'\] \]$/.exec(text);
  if (expression === null) {
    assert.doesNotMatch(text, /^\$\[/, `an expression that this runner does not know: ${text}`);
    return text;
  }
  const [, fromStage = stage.stage, job = '', name = ''] = expression;
  return outputs.get(`${fromStage}.${job}`)?.[name] ?? '';
}
