import type { AgentCommand } from './command-parser.js';
import type { Masker } from './masker.js';
import type { TaskResult } from './result.js';

export interface Issue {
  type: 'error' | 'warning';
  message: string;
  /** Shown nowhere in the log, sent to the server, and not masked. */
  data: Record<string, string>;
  /** The server is sent ten errors and ten warnings of a step; the rest is only in the log. */
  isKept: boolean;
}

export interface UploadedFile {
  type: string;
  name: string;
  path: string;
  content: string;
}

const mostIssues = 10;

/** What a step has said and done so far: its log as a person sees it, and what goes to the server beside it. */
export class StepRecord {
  readonly log: string[] = [];
  /** As the process wrote it; may hold secrets. */
  readonly raw: string[] = [];
  readonly issues: Issue[] = [];
  readonly commands: AgentCommand[] = [];
  readonly outputs: Record<string, string> = {};
  /** Names of those that the agent passes on as secrets: the service shows them to nobody. */
  readonly secretOutputs = new Set<string>();
  readonly taskVariables: Record<string, string> = {};
  readonly summaries: UploadedFile[] = [];
  readonly attachments: UploadedFile[] = [];
  readonly artifacts: { name: string; data: string; files: UploadedFile[] }[] = [];
  readonly progress: { percent: number; operation: string }[] = [];
  readonly completions: string[] = [];
  readonly telemetry: string[] = [];
  /** Build numbers, tags and release names, which the server gets as they are. */
  readonly metadata: string[] = [];
  result: TaskResult | undefined;
  /** A command that failed; merged at the end, and kept through retries (StepsRunner.cs). */
  commandResult: TaskResult | undefined;
  readonly #masker: Masker;
  readonly #isDebug: boolean;

  constructor(masker: Masker, isDebug: boolean) {
    this.#masker = masker;
    this.#isDebug = isDebug;
  }

  /** One message, masked as a whole with its tag in front of it. */
  write(message: string, tag = ''): void {
    this.#lines(this.#masker.mask(tag + message));
  }

  /** The banner of a step is not masked (TaskRunner.cs, PrintTaskMetaData). */
  writeUnmasked(message: string): void {
    this.#lines(message);
  }

  debug(message: string): void {
    if (this.#isDebug) this.write(message, '##[debug]');
  }

  error(message: string, data: Record<string, string> = {}): void {
    this.issue('error', message, data);
  }

  warning(message: string): void {
    this.issue('warning', message, {});
  }

  issue(type: Issue['type'], message: string, given: Record<string, string>): void {
    const masked = this.#masker.mask(message);
    const data = { ...given };
    if (masked !== '') {
      data['logFileLineNumber'] = String(this.log.length + 1);
      this.write(masked, `##[${type}]`);
    }
    const isKept = this.issues.filter((other) => other.type === type).length < mostIssues;
    this.issues.push({ type, message: masked, data, isKept });
  }

  #lines(text: string): void {
    this.log.push(...text.split(/\r\n|\r|\n/));
  }
}
