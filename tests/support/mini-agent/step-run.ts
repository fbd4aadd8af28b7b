import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { agentEscaped, parseBoolean, parseCommand, type AgentCommand } from './command-parser.js';
import type { Masker } from './masker.js';
import { mergeResults, parseResult, type TaskResult } from './result.js';
import { isReadOnlyName, type Variables } from './variables.js';

export interface Issue {
  type: 'error' | 'warning';
  message: string;
  data: Record<string, string>;
}

export interface UploadedFile {
  name: string;
  content: string;
}

export interface StepSettings {
  stepName: string;
  variables: Variables;
  masker: Masker;
  outputNames: ReadonlySet<string>;
  isRestricted: boolean;
  settable: readonly RegExp[] | undefined;
  /** What the agent takes for a line break inside a secret: `\r\n` on Windows. */
  newline: string;
  isDebug: boolean;
}

const allowedWhenRestricted = new Set(
  'setvariable setsecret debug logissue issue complete setprogress logdetail settaskvariable prependpath'.split(
    ' ',
  ),
);

/** What a running step does to its job, line by line. */
export class StepRun {
  readonly log: string[] = [];
  readonly raw: string[] = [];
  readonly issues: Issue[] = [];
  readonly outputs: Record<string, string> = {};
  readonly summaries: UploadedFile[] = [];
  readonly attachments: UploadedFile[] = [];
  readonly commands: AgentCommand[] = [];
  readonly masks: string[] = [];
  readonly progress: { percent: number; operation: string }[] = [];
  readonly completions: string[] = [];
  result: TaskResult | undefined;
  readonly #settings: StepSettings;

  constructor(settings: StepSettings) {
    this.#settings = settings;
  }

  /** A line of stdout or stderr: both are searched for commands. */
  line(line: string): void {
    this.raw.push(line);
    const command = parseCommand(line, this.#decodesPercents());
    if (command === undefined) {
      if (line.includes('##vso'))
        this.write(
          `##[warning]'${line}' contains logging command keyword '##vso', but it's not a legal command.`,
        );
      this.write(line);
      return;
    }
    this.commands.push(command);
    if (command.area !== 'task') {
      this.write(`##[warning]Can't find command extension for ##vso[${command.area}.command].`);
      return;
    }
    try {
      this.#execute(command);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#issue({
        type: 'error',
        message: `Unable to process command '${line}' successfully. Please reference documentation`,
        data: {},
      });
      this.#issue({ type: 'error', message, data: {} });
      this.result = mergeResults(this.result, 'Failed');
    }
  }

  /** Writes to the log, masked as one message. */
  write(message: string): void {
    for (const line of this.#settings.masker.mask(message).split(/\r\n|\r|\n/)) this.log.push(line);
  }

  #execute(command: AgentCommand): void {
    const { event, properties, data } = command;
    const { isRestricted, masker, isDebug } = this.#settings;
    if (isRestricted && !allowedWhenRestricted.has(event)) {
      this.write(`##[warning]##vso[task.${event}] is not allowed in this step due to policy restrictions.`);
      return;
    }
    switch (event) {
      case 'setvariable':
        this.#setVariable(properties, data);
        return;
      case 'setsecret':
        if (data === '') throw new Error('Secret value is empty.');
        masker.add(data);
        this.masks.push(data);
        return;
      case 'setprogress':
        this.#setProgress(properties, data);
        return;
      case 'logissue':
      case 'issue':
        this.#logIssue(properties, data);
        return;
      case 'complete':
        this.#complete(properties, data);
        return;
      case 'debug':
        if (isDebug) this.write(`##[debug]${data}`);
        return;
      case 'uploadsummary':
        this.summaries.push(readUpload(data));
        return;
      case 'uploadfile':
      case 'addattachment':
        this.attachments.push(readUpload(data));
        return;
      case 'settaskvariable':
      case 'prependpath':
      case 'logdetail':
        return;
      default:
        throw new Error(`##vso[task.${event}] is not a recognized command for Task command extension.`);
    }
  }

  #setVariable(properties: Record<string, string>, data: string): void {
    const { variables, masker, newline, settable, stepName, outputNames } = this.#settings;
    const name = properties['variable'];
    if (name === undefined || name === '')
      throw new Error("Required field 'variable' is missing in ##vso[task.setvariable] command.");
    const isSecret = parseBoolean(properties['issecret']);
    const isOutput = parseBoolean(properties['isoutput']) || outputNames.has(name.toLowerCase());
    if (isReadOnlyName(name) || variables.get(name)?.isReadOnly === true) {
      throw new Error(
        `Overwriting readonly variable '${name}' is not permitted. See https://github.com/microsoft/azure-pipelines-yaml/blob/master/design/readonly-variables.md for details.`,
      );
    }
    if (isSecret) {
      const allowed = parseBoolean(variables.get('SYSTEM_UNSAFEALLOWMULTILINESECRET')?.value);
      if (data.includes(newline) && !allowed) throw new Error('Secrets cannot contain multiple lines');
      masker.add(agentEscaped(data));
    }
    if (settable !== undefined && !settable.some((pattern) => pattern.test(name))) {
      this.write(`##[warning]Setting variable '${name}' has been disabled by the task or build definition.`);
      return;
    }
    if (isSecret) masker.add(data);
    if (isOutput) this.outputs[name] = data;
    const isReadOnly = isOutput || parseBoolean(properties['isreadonly']);
    variables.set({ name: isOutput ? `${stepName}.${name}` : name, value: data, isSecret, isReadOnly });
  }

  #setProgress(properties: Record<string, string>, data: string): void {
    const percent = Number(properties['value']);
    if (!Number.isInteger(percent) || percent < 0 || percent > 100)
      throw new Error('Value should be an integer between 0 and 100.');
    this.progress.push({ percent: Math.max(percent, this.progress.at(-1)?.percent ?? 0), operation: data });
  }

  #logIssue(properties: Record<string, string>, data: string): void {
    const { type } = properties;
    if (type !== 'error' && type !== 'warning')
      throw new Error(`issue type ${type ?? ''} is not an expected issue type.`);
    this.#issue({ type, message: data, data: properties });
  }

  #complete(properties: Record<string, string>, data: string): void {
    const result = properties['result'];
    if (result !== undefined) {
      const parsed = parseResult(result);
      if (parsed === undefined) throw new Error(`Invalid task result: ${result}`);
      this.result = mergeResults(this.result, parsed);
    }
    this.completions.push(data);
  }

  #issue(issue: Issue): void {
    this.issues.push({ ...issue, message: this.#settings.masker.mask(issue.message) });
    this.write(`##[${issue.type}]${issue.message}`);
  }

  #decodesPercents(): boolean {
    return this.#settings.variables.get('DECODE_PERCENTS')?.value.toLowerCase() !== 'false';
  }
}

/** Uploads are queued, but the file has to be there when the command comes. */
function readUpload(path: string): UploadedFile {
  if (!existsSync(path)) throw new Error(`Cannot upload file: ${path} does not exist.`);
  return { name: basename(path), content: readFileSync(path, 'utf8') };
}
