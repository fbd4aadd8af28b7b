import { addAttachment, uploadFile, uploadSummary } from './attachments.js';
import { missing, type AgentCommand } from './command-parser.js';
import type { CommandTable } from './commands.js';
import { logIssue } from './log-issue.js';
import { mergeResults, parseResult } from './result.js';
import { maySet } from './restrictions.js';
import { setEndpoint } from './set-endpoint.js';
import { addSecret, setTaskVariable, setVariable } from './set-variable.js';
import type { StepContext } from './step-context.js';
import type { StepRecord } from './step-record.js';

const allowed = { isAllowedWhenRestricted: true };

/** The area `task` (TaskCommandExtension.cs). */
export const taskCommands: CommandTable = {
  setvariable: { run: setVariable, ...allowed },
  setsecret: { run: setSecret, ...allowed },
  settaskvariable: { run: setTaskVariable, ...allowed },
  setprogress: { run: setProgress, ...allowed },
  logissue: { run: logIssue, ...allowed },
  issue: { run: logIssue, ...allowed },
  complete: { run: complete, ...allowed },
  debug: { run: debug, ...allowed },
  prependpath: { run: prependPath, ...allowed },
  uploadsummary: { run: uploadSummary },
  uploadfile: { run: uploadFile },
  addattachment: { run: addAttachment },
  setendpoint: { run: setEndpoint },
};

function setSecret(context: StepContext, { data }: AgentCommand): void {
  addSecret(context.job, data);
}

function debug({ record }: StepContext, { data }: AgentCommand): void {
  record.debug(data);
}

/** What is no number counts as 0, and a number beyond the ends as the end. */
function setProgress({ record }: StepContext, { properties, data }: AgentCommand): void {
  const { value = '' } = properties;
  const percent = /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : 0;
  advance(record, Math.min(Math.max(percent, 0), 100), data);
}

/** A step never goes back, and its text is sent without masks. */
function advance(record: StepRecord, percent: number, operation: string): void {
  record.progress.push({ percent: Math.max(percent, record.progress.at(-1)?.percent ?? 0), operation });
}

function complete({ record, forceCompletion }: StepContext, { properties, data }: AgentCommand): void {
  const result = parseResult(properties['result'] ?? '');
  if (result === undefined) throw new Error("Command doesn't have valid result value.");
  record.result = mergeResults(record.result, result);
  record.completions.push(data);
  if (/^(?:1|true|\$true)$/i.test(properties['done'] ?? '')) forceCompletion();
}

function prependPath(context: StepContext, { data }: AgentCommand): void {
  if (!maySet(context, 'PATH')) return;
  if (data === '') throw missing('prependpath');
  const paths = context.job.prependPath;
  if (paths.includes(data)) paths.splice(paths.indexOf(data), 1);
  paths.push(data);
}
