import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processLine } from '../commands.js';
import { systemConnection, type Endpoint } from '../endpoints.js';
import { Knobs } from '../knobs.js';
import { Masker } from '../masker.js';
import { MiniAgent, type FinishedStep, type MiniAgentOptions, type StepOptions } from '../mini-agent.js';
import type { Restriction } from '../restrictions.js';
import type { Job } from '../step-context.js';
import { StepRecord } from '../step-record.js';
import { Variables, type Variable } from '../variables.js';

/** How the tests hold the mini-agent: lines without a process, and tasks of a few lines. */

export interface StepSettings {
  variables?: Record<string, string | (Partial<Variable> & { value: string })>;
  environment?: Record<string, string>;
  endpoints?: Endpoint[];
  restrictions?: Restriction[];
  outputNames?: string[];
  hostType?: Job['hostType'];
  platform?: Job['platform'];
  isDebug?: boolean;
}

export interface HeldStep {
  job: Job;
  record: StepRecord;
  taskVariables: Variables;
  isForced: () => boolean;
  say: (...lines: string[]) => void;
}

/** A step that hears lines, with no process behind it. */
export function aStep(settings: StepSettings = {}): HeldStep {
  const masker = new Masker();
  const variables = new Variables((value) => {
    masker.add(value);
  });
  variables.load(
    Object.entries({ 'agent.readOnlyVariables': 'true', ...settings.variables }).map(([name, given]) => ({
      name,
      isSecret: false,
      isReadOnly: false,
      ...(typeof given === 'string' ? { value: given } : given),
    })),
  );
  const job: Job = {
    variables,
    masker,
    knobs: new Knobs(variables, settings.environment ?? {}),
    endpoints: [...(settings.endpoints ?? []), systemConnection('https://ado/', 'token')],
    prependPath: [],
    platform: settings.platform ?? 'linux',
    hostType: settings.hostType ?? 'build',
    sourcesFolder: '/agent/_work/1/s',
    correlationId: 'the-right-id',
  };
  const record = new StepRecord(masker, settings.isDebug ?? false);
  const taskVariables = new Variables();
  let isForced = false;
  const context = {
    job,
    record,
    taskVariables,
    referenceName: 'step',
    outputNames: new Set((settings.outputNames ?? []).map((name) => name.toLowerCase())),
    restrictions: settings.restrictions ?? [],
    forceCompletion: () => {
      isForced = true;
    },
  };
  return {
    job,
    record,
    taskVariables,
    isForced: () => isForced,
    say: (...lines) => {
      for (const line of lines) processLine(context, line);
    },
  };
}

export interface ThrowAwayTask {
  /** The script of the main stage; `say`, `env` and `fs` are there. */
  script?: string;
  /** Other files of the task. */
  files?: Record<string, string>;
  /** Fields of task.json. */
  definition?: Record<string, unknown>;
}

const shared = `const say = (line) => process.stdout.write(line + '\\n');
const env = process.env;
const fs = require('node:fs');
`;

/** Writes a task of a few lines. @returns its folder */
export function aTaskFolder(task: ThrowAwayTask, parent = tmpdir()): string {
  const folder = mkdtempSync(join(parent, 'throw-away-task-'));
  const definition = {
    id: '11111111-2222-3333-4444-555555555555',
    name: 'ThrowAway',
    friendlyName: 'Throw away',
    description: 'A task for one test',
    version: { Major: 1, Minor: 2, Patch: 3 },
    inputs: [
      { name: 'text', type: 'string', defaultValue: ' by default ' },
      { name: 'connection', type: 'connectedService:thing' },
    ],
    outputVariables: [{ name: 'result' }],
    execution: { Node20_1: { target: 'index.js' }, Node24: { target: 'index.js' } },
    ...task.definition,
  };
  writeFileSync(join(folder, 'task.json'), JSON.stringify(definition));
  const files = { 'index.js': task.script ?? '', ...task.files };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), shared + text);
  return folder;
}

/** Gives a test a job of such a task, and clears up after it. */
export async function withAgent<Result>(
  task: ThrowAwayTask,
  options: Partial<MiniAgentOptions>,
  use: (agent: MiniAgent) => Promise<Result>,
): Promise<Result> {
  const taskFolder = aTaskFolder(task);
  try {
    const agent = new MiniAgent({
      taskFolder,
      collectionUrl: 'http://127.0.0.1:1/example-org/',
      project: { id: 'f0e1d2c3-0000-4000-8000-000000000001', name: 'P' },
      jobToken: 'job-token-value',
      ...options,
    });
    try {
      return await use(agent);
    } finally {
      agent.dispose();
    }
  } finally {
    rmSync(taskFolder, { recursive: true, force: true });
  }
}

/** Runs a script of a few lines as the only step of a job. */
export function runTask(
  task: string | ThrowAwayTask,
  options: Partial<MiniAgentOptions> = {},
  step: Partial<StepOptions> = {},
): Promise<FinishedStep> {
  return withAgent(typeof task === 'string' ? { script: task } : task, options, (agent) =>
    agent.runStep({ name: 'step', inputs: {}, ...step }),
  );
}
