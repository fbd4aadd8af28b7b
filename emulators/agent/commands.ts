import { buildCommands, artifactCommands, releaseCommands, telemetryCommands } from './other-commands.js';
import { parseCommand, unescaped, type AgentCommand } from './command-parser.js';
import type { StepContext } from './step-context.js';
import { taskCommands } from './task-commands.js';

export interface CommandRule {
  run: (context: StepContext, command: AgentCommand) => void;
  /** In restricted mode most commands are dropped. */
  isAllowedWhenRestricted?: boolean;
}

export type CommandTable = Readonly<Record<string, CommandRule>>;

/** Publishing test results and coverage is the agent's own work; that it was asked for stands in the list of commands. */
const nothing = { run: (): void => undefined };

/** Which areas there are, and in which kind of job (the CommandExtension classes of Agent.Worker). */
const areas: Record<string, { title: string; hosts?: readonly string[]; commands: CommandTable }> = {
  task: { title: 'Task', commands: taskCommands },
  build: { title: 'Build', commands: buildCommands },
  artifact: { title: 'Artifact', hosts: ['build', 'release'], commands: artifactCommands },
  release: { title: 'Release', hosts: ['release', 'deployment'], commands: releaseCommands },
  telemetry: { title: 'Telemetry', commands: telemetryCommands },
  results: { title: 'Results', commands: { publish: nothing, publishtoevidencestore: nothing } },
  codecoverage: { title: 'CodeCoverage', hosts: ['build'], commands: { publish: nothing } },
};

const help = 'Please reference documentation (http://go.microsoft.com/fwlink/?LinkId=817296)';

/** A line of stdout or stderr: a command, or text for the log (WorkerCommandManager.cs). */
export function processLine(context: StepContext, line: string): void {
  context.record.raw.push(line);
  if (!tryCommand(context, line)) context.record.write(line);
}

function tryCommand(context: StepContext, line: string): boolean {
  const { record, job } = context;
  const decodesPercents = job.knobs.isOn('DECODE_PERCENTS', true);
  const command = parseCommand(line, decodesPercents);
  if (command === undefined) {
    if (line.includes('##vso'))
      record.warning(
        `'${line}' contains logging command keyword '##vso', but it's not a legal command. Please see the list of accepted commands: https://go.microsoft.com/fwlink/?LinkId=817296`,
      );
    return false;
  }
  record.commands.push(command);
  const area = areas[command.area];
  if (area === undefined) {
    record.warning(`Cannot find command extension for ##vso[${command.area}.command]. ${help}`);
    return true;
  }
  if (area.hosts?.includes(job.hostType) === false) {
    const host = job.hostType.charAt(0).toUpperCase() + job.hostType.slice(1);
    record.error(`${command.area} commands are not supported for ${host} flow. ${help}`);
    record.commandResult = 'Failed';
    return false;
  }
  try {
    execute(context, command, area);
  } catch (error) {
    // What the task wrote goes into the log and the issue as it is: masked only if it was masked before.
    record.error(`Unable to process command '${line}' successfully. ${help}`);
    record.error(error instanceof Error ? error.message : String(error), { source: 'TaskInternal' });
    record.commandResult = 'Failed';
  }
  if (!(command.area === 'task' && command.event === 'debug'))
    record.debug(`Processed: ${unescaped(line, decodesPercents)}`);
  return true;
}

function execute(
  context: StepContext,
  command: AgentCommand,
  area: { title: string; commands: CommandTable },
): void {
  const rule = Object.hasOwn(area.commands, command.event) ? area.commands[command.event] : undefined;
  const name = `##vso[${command.area}.${command.event}]`;
  if (rule === undefined)
    throw new Error(`${name} is not a recognized command for ${area.title} command extension. ${help}.`);
  const isRestricted = context.restrictions.some(({ isRestrictedMode }) => isRestrictedMode);
  if (isRestricted && rule.isAllowedWhenRestricted !== true) {
    context.record.warning(`${name} is not allowed in this step due to policy restrictions. ${help}`);
    return;
  }
  rule.run(context, command);
}
