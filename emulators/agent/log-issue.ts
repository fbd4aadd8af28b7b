import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import type { AgentCommand } from './command-parser.js';
import type { StepContext } from './step-context.js';

/** The text of an issue is masked, its properties are not. */
export function logIssue(context: StepContext, command: AgentCommand): void {
  const { record, job } = context;
  const properties = { ...command.properties };
  if (job.knobs.isOn('ENABLE_ISSUE_SOURCE_VALIDATION')) refuseForeignSource(context, properties);
  const { type } = properties;
  if (type === undefined) {
    record.warning("Can't create TaskIssue from logging event.");
    return;
  }
  const kind = type.toLowerCase();
  if (kind !== 'error' && kind !== 'warning')
    throw new Error(`issue type ${type} is not an expected issue type.`);
  record.issue(kind, messageOf(context, properties, command.data), properties);
}

/** Only the agent's own tasks may say who an issue comes from. */
function refuseForeignSource({ record, job }: StepContext, properties: Record<string, string>): void {
  const id = properties['correlationid'];
  delete properties['correlationid'];
  if (id === job.correlationId) return;
  delete properties['source'];
  if (id !== undefined)
    record.debug('The task provided an invalid correlation ID when using the task.issue command.');
}

/** With a path of a source file the text is written as compilers do. */
function messageOf({ job }: StepContext, properties: Record<string, string>, message: string): string {
  const path = properties['sourcepath'];
  if (path === undefined) return message;
  const isInRepository = job.hostType === 'build' && path.startsWith(job.sourcesFolder) && existsSync(path);
  if (isInRepository) properties['sourcepath'] = relative(job.sourcesFolder, path);
  const part = (name: string): string => properties[name] ?? '';
  return `${part('sourcepath')}(${part('linenumber')},${part('columnnumber')}): ${part('type')} ${part('code')}: ${message}`;
}
