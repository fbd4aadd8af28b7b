import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { StepOptions } from './agent-options.js';
import { invokerInput, invokerScript } from './container-invoker.js';
import { emptyId, idsIn, type Endpoint } from './endpoints.js';
import { stepEnvironment } from './environment.js';
import { resolveInputs, resolveStepEnvironment } from './inputs.js';
import { expandMacros } from './macros.js';
import { chooseNode, type NodeFolder } from './node-choice.js';
import { currentDirectory, type InstalledTask } from './package.js';
import { restrictionsOf } from './restrictions.js';
import type { RunningJob } from './running-job.js';
import type { StepContext } from './step-context.js';
import type { StepRecord } from './step-record.js';
import {
  chooseHandler,
  handlerFields,
  versionOf,
  type HandlerFields,
  type TaskDefinition,
} from './task-definition.js';

/** What is to be started for a step, and what its commands may touch. */
export interface Preparation {
  /** Made anew for every attempt: what the one before has set is there. */
  command: () => Command;
  /** As the error about an exit code shows it. */
  shown: { file: string; arguments: string };
  context: Omit<StepContext, 'job' | 'record' | 'forceCompletion'>;
  node: NodeFolder;
}

export interface Command {
  file: string;
  arguments: readonly string[];
  environment: NodeJS.ProcessEnv;
  workingDirectory: string;
  stdin?: string;
}

/** TaskRunner.cs, in its order. @returns undefined when the step is skipped */
export function prepareTask(
  job: RunningJob,
  step: Omit<StepOptions, 'task'> & { task: InstalledTask },
  record: StepRecord,
): Preparation | undefined {
  const { definition, folder } = step.task;
  banner(record, definition);
  const handler = chooseHandler(definition.execution, job.platform);
  if (handler === undefined || !handler.startsWith('Node')) throw new Error(noHandler(job.platform));
  const sources = job.inputSources();
  const inputs = resolveInputs(definition, step.inputs, sources);
  const given = resolveStepEnvironment(step.env ?? {}, sources);
  const fields = expandedFields(handlerFields(definition.execution, handler), {
    job,
    inputs,
    folder,
  });
  const endpoints = endpointsOf(job, definition, inputs);
  if (endpoints === undefined) return undefined;
  const context = {
    referenceName: step.name ?? definition.name,
    outputNames: new Set((definition.outputVariables ?? []).map(({ name }) => name.toLowerCase())),
    restrictions: restrictionsOf(definition, step.target),
    taskVariables: job.taskVariablesOf(step.name ?? definition.name),
  };
  const warn = (message: string): void => {
    record.warning(message);
  };
  const environment = (): Record<string, string> =>
    stepEnvironment({
      endpoints,
      step: given,
      variables: job.variables,
      inputs,
      taskVariables: context.taskVariables,
      prependPath: step.isInContainer === true ? [] : job.prependPath,
      base: job.environment,
      isWindows: job.platform === 'windows',
      laysVariablesLast: job.laysVariablesLast,
      warn,
    });
  const node = chooseNode(handler, { knobs: job.knobs, runtimes: job.runtimes, warn });
  record.debug(`Using node path: ${node.path}`);
  const script = isAbsolute(fields.target ?? '') ? (fields.target ?? '') : join(folder, fields.target ?? '');
  const workingDirectory = fields.workingDirectory || job.workingDirectory();
  const isInContainer = step.isInContainer === true;
  return {
    command: () => {
      if (!existsSync(script)) throw new Error(`File not found: '${script}'`);
      return (isInContainer ? inContainer : onHost)(job, {
        node: node.path,
        script,
        workingDirectory,
        environment: environment(),
      });
    },
    shown: { file: node.path, arguments: `"${script.replaceAll('"', '\\"')}"` },
    context,
    node: node.folder,
  };
}

interface Start {
  node: string;
  script: string;
  workingDirectory: string;
  environment: Record<string, string>;
}

function onHost(job: RunningJob, { node, script, workingDirectory, environment }: Start): Command {
  const whole = { ...job.environment, ...environment };
  return { file: node, arguments: [script], environment: whole, workingDirectory };
}

/** The container has its own PATH and HOME, and nothing of the agent's environment. */
function inContainer(job: RunningJob, { node, script, workingDirectory, environment }: Start): Command {
  const { PATH, HOME } = job.environment;
  const stdin = invokerInput({
    handler: node,
    script,
    workDir: workingDirectory,
    environment,
    prependPath: job.prependPath,
  });
  return {
    file: node,
    arguments: ['-e', invokerScript],
    environment: { PATH, HOME },
    workingDirectory,
    stdin,
  };
}

/** Fields of a handler may name inputs and variables. */
function expandedFields(
  { target, workingDirectory }: HandlerFields,
  from: { job: RunningJob; inputs: ReadonlyMap<string, string>; folder: string },
): HandlerFields {
  const byName = new Map([...from.inputs].map(([name, value]) => [name.toLowerCase(), value]));
  const expanded = (text: string | undefined): string => {
    const here = expandMacros(text ?? '', currentDirectory(from.folder));
    const byInputs = expandMacros(here, (name) => byName.get(name.toLowerCase()));
    return expandMacros(byInputs, (name) => from.job.variables.get(name)?.value);
  };
  return { target: expanded(target), workingDirectory: expanded(workingDirectory) };
}

/** @returns undefined for a fork's pull request that would get secrets */
function endpointsOf(
  job: RunningJob,
  definition: TaskDefinition,
  inputs: ReadonlyMap<string, string>,
): Endpoint[] | undefined {
  const connections = definition.inputs.filter(({ type }) => /^connectedService:/i.test(type));
  const ids = idsIn(connections.map(({ name }) => inputs.get(name) ?? ''));
  if (ids.size > 0 && job.keepsSecretsFromForks()) return undefined;
  const system = job.endpoints.filter(({ id }) => id === emptyId);
  return [...job.endpoints.filter(({ id }) => ids.has(id.toLowerCase())), ...system];
}

function banner(record: StepRecord, definition: TaskDefinition): void {
  const rule = '='.repeat(78);
  for (const line of [
    rule,
    `Task         : ${definition.friendlyName}`,
    `Description  : ${definition.description}`,
    `Version      : ${versionOf(definition)}`,
    `Author       : ${definition.author ?? ''}`,
    `Help         : ${definition.helpUrl ?? definition.helpMarkDown ?? ''}`,
    rule,
  ])
    record.writeUnmasked(line);
}

function noHandler(platform: string): string {
  return platform === 'windows'
    ? "A supported task execution handler was not found. The task does not carry an implementation that is compatible with your current operating system 'Windows(X64)'. Contact the task author for more details."
    : 'The current operating system is not capable of running this task. That typically means the task was written for Windows only. For example, written for Windows Desktop PowerShell.';
}
