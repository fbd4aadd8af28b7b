import { pipelineTraits, type DestinationPlan } from '../../domain/destination-plan.js';
import type { DesiredVariable } from '../../domain/desired.js';
import type { Change } from '../../domain/plan.js';
import type { Usage } from '../../domain/report.js';
import { unfitForOutput, unsettable } from '../../domain/run-variables.js';
import { SecretValue } from '../../domain/secret-value.js';
import { envBlock, outputExpressions, type OutputOrigin } from '../../domain/usage.js';
import type { Clock, JobVariables, ReadDestination, VariableStore, WriteOutcome } from '../../ports.js';

/** The agent, as far as it keeps variables. */
export interface RunVariables {
  setVariable(variable: DesiredVariable, options: { isOutput: boolean }): void;
  /** A variable of the job as it reaches the environment; empty when it is not set. */
  variable(name: string): string;
  /** False where the job variable DECODE_PERCENTS says so. */
  readonly decodesPercents: boolean;
}

export interface RunVariableStoreParts {
  agent: RunVariables;
  clock: Clock;
  setAsOutput: boolean;
  /** Where a later job finds the outputs; undefined in a classic release, whose stages share none. */
  origin: OutputOrigin | undefined;
}

/** The agent refuses a secret of several lines unless this variable of the job is true. */
const multilineSwitch = 'SYSTEM_UNSAFEALLOWMULTILINESECRET';

/** The variables of the run. Nothing is there before: what the agent has is not this sync's. */
export class RunVariableStore implements VariableStore, JobVariables {
  readonly title = 'the pipeline variables of this run';
  readonly place = { kind: 'pipelineVariables' } as const;
  readonly mostRounds = 1;
  readonly #parts: RunVariableStoreParts;

  constructor(parts: RunVariableStoreParts) {
    this.#parts = parts;
  }

  read(): Promise<ReadDestination> {
    const readAtMs = this.#parts.clock.nowMs();
    const nothing = { description: '', variables: [], version: undefined };
    return Promise.resolve({ traits: pipelineTraits, exists: true, readAtMs, ...nothing });
  }

  /** Sets all of them without a pause in between, so nothing can stop it half-way; the agent answers nothing. */
  write(plan: DestinationPlan): Promise<WriteOutcome> {
    const { agent, setAsOutput } = this.#parts;
    const variables = plan.changes.flatMap((change) => ('to' in change ? [change.to] : []));
    this.#allowingLines(variables, () => {
      for (const variable of variables) {
        agent.setVariable(variable, { isOutput: false });
        // As an output it is called STEP.NAME in this job, so the plain name is set beside it.
        if (setAsOutput) agent.setVariable(variable, { isOutput: true });
      }
    });
    return Promise.resolve({ kind: 'verified' });
  }

  problemsWith(variables: readonly DesiredVariable[]): string[] {
    const { agent, setAsOutput, origin } = this.#parts;
    const outputs = setAsOutput && origin !== undefined ? unfitForOutput(variables, origin.step) : [];
    const outputStep = setAsOutput ? agent.variable('System.TaskInstanceName') : undefined;
    const { decodesPercents } = agent;
    return [...unsettable(variables, { decodesPercents, outputStep }), ...outputs];
  }

  usage(changes: readonly Change[]): Usage[] {
    const { setAsOutput, origin } = this.#parts;
    const names = changes.map(({ name }) => name);
    if (names.length === 0) return [];
    return [
      envBlock(names),
      ...(setAsOutput && origin !== undefined ? outputExpressions(names, origin) : []),
    ];
  }

  /** The switch stays on only as long as it is needed, and is then what it was; agents know no "unset". */
  #allowingLines(variables: readonly DesiredVariable[], set: () => void): void {
    const { agent } = this.#parts;
    const before = agent.variable(multilineSwitch);
    const isNeeded =
      !/^true$/i.test(before.trim()) &&
      variables.some(({ isSecret, value }) => isSecret && value.matches(/[\r\n]/));
    const turn = (value: string): void => {
      const variable = { name: multilineSwitch, value: new SecretValue(value), isSecret: false };
      agent.setVariable(variable, { isOutput: false });
    };
    if (isNeeded) turn('true');
    set();
    if (isNeeded) turn(before === '' ? 'false' : before);
  }
}
