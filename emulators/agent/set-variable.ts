import { agentEscaped, missing, parseBoolean, unescaped, type AgentCommand } from './command-parser.js';
import { maySet } from './restrictions.js';
import type { Job, StepContext } from './step-context.js';

const moreOnReadOnly =
  'See https://github.com/microsoft/azure-pipelines-yaml/blob/master/design/readonly-variables.md for details.';

/**
 * The order of the checks is what leaks: a value that fails the first two is shown in the error before it is masked
 * (TaskCommandExtension.cs, TaskSetVariableCommand).
 */
export function setVariable(context: StepContext, { properties, data }: AgentCommand): void {
  const { job, record, referenceName, outputNames } = context;
  const name = properties['variable'] ?? '';
  if (name === '') throw missing("Required field 'variable' is missing in ##vso[task.setvariable] command.");
  const isSecret = parseBoolean(properties['issecret']);
  const isOutput = parseBoolean(properties['isoutput']);
  refuseReadOnly(context, job.variables.isReadOnly(name), { name, kind: 'variable' });
  if (isSecret) {
    refuseLines(job, data);
    addSecret(job, agentEscaped(data, job.knobs.isOn('DECODE_PERCENTS', true)));
  }
  if (!maySet(context, name)) return;
  const common = { value: data, isSecret, keepsCase: parseBoolean(properties['preservecase']) };
  const isReadOnly = parseBoolean(properties['isreadonly']);
  if (!isOutput && !outputNames.has(name.toLowerCase())) {
    job.variables.set({ ...common, name, isReadOnly });
    return;
  }
  record.outputs[name] = data;
  if (isSecret) record.secretOutputs.add(name);
  // One that only task.json calls an output is not made read-only (ExecutionContext.cs, SetVariable).
  job.variables.set({ ...common, name: `${referenceName}.${name}`, isReadOnly: isOutput || isReadOnly });
}

/** Kept for the other stages of the same task. */
export function setTaskVariable(context: StepContext, { properties, data }: AgentCommand): void {
  const { job, record, taskVariables } = context;
  const name = properties['variable'] ?? '';
  if (name === '')
    throw missing("Required field 'variable' is missing in ##vso[task.settaskvariable] command.");
  const isSecret = parseBoolean(properties['issecret']);
  refuseReadOnly(context, taskVariables.isReadOnly(name), { name, kind: 'task variable' });
  if (isSecret) refuseLines(job, data);
  record.taskVariables[name] = data;
  taskVariables.set({
    name,
    value: data,
    isSecret,
    isReadOnly: parseBoolean(properties['isreadonly']),
    keepsCase: parseBoolean(properties['preservecase']),
  });
}

/** Where percents stay encoded, the decoded form may show, too. */
export function addSecret(job: Job, value: string): void {
  if (value === '') return;
  job.masker.add(value);
  if (!job.knobs.isOn('DECODE_PERCENTS', true)) job.masker.add(unescaped(value, true));
}

function refuseReadOnly(
  { job, record }: StepContext,
  isReadOnly: boolean,
  { name, kind }: { name: string; kind: string },
): void {
  if (!isReadOnly) return;
  if (parseBoolean(job.variables.get('agent.readOnlyVariables')?.value))
    throw new Error(`Overwriting readonly ${kind} '${name}' is not permitted. ${moreOnReadOnly}`);
  record.warning(
    `Overwriting readonly ${kind} '${name}'. This behavior will be disabled in the future. ${moreOnReadOnly}`,
  );
}

/** A line break is what the agent's system calls one: on Windows a secret with LF alone passes. */
function refuseLines(job: Job, value: string): void {
  const isAllowed = job.knobs.isOn('SYSTEM_UNSAFEALLOWMULTILINESECRET');
  if (value.includes(job.platform === 'windows' ? '\r\n' : '\n') && !isAllowed)
    throw new Error('Secrets cannot contain multiple lines');
}
