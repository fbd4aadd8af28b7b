import type { BuildDefinition as SentDefinition } from 'azure-devops-node-api/interfaces/BuildInterfaces.js';
import { pipelineTraits, type DestinationPlan } from '../../../domain/destination-plan.js';
import type { Place } from '../../../domain/report.js';
import { quoted } from '../../../domain/text.js';
import type { Clock, ReadDestination, VariableStore, WriteOutcome } from '../../../ports.js';
import { mayTryAgain } from '../../http/client.js';
import type { HttpResponse } from '../../http/exchange.js';
import type { DefinitionApi } from './definition-api.js';
import { notReadBack, readBack } from '../read-back.js';
import { readOrExplain } from '../read-or-explain.js';
import type { BuildDefinition } from '../schema.js';
import { areAsPlanned, currentVariables, refuseTwins, variablesBody } from '../variables.js';
import { laterOutcome, refusedOutcome, sendOnce, type WriteAttempt } from '../write-attempt.js';

export interface DefinitionStoreParts {
  pipelineId: number;
  projectTitle: string;
  definitions: DefinitionApi;
  clock: Clock;
}

/**
 * The variables saved on a build pipeline. It is read and written whole, with its revision: a write that is based on
 * an older one is refused, so nothing of a rival's can be lost.
 */
export class DefinitionStore implements VariableStore {
  readonly mostRounds = 3;
  readonly #parts: DefinitionStoreParts;
  /** The definition of the last read: what is not ours goes back from here. */
  #definition: BuildDefinition | undefined;

  constructor(parts: DefinitionStoreParts) {
    this.#parts = parts;
  }

  get title(): string {
    const { pipelineId, projectTitle } = this.#parts;
    const name = this.#definition === undefined ? '' : ` ${quoted(this.#definition.name)}`;
    return `pipeline${name} (ID ${String(pipelineId)}) in project ${quoted(projectTitle)}`;
  }

  get place(): Place {
    const { pipelineId: id, projectTitle: project } = this.#parts;
    return { kind: 'pipelineDefinition', project, name: this.#definition?.name ?? String(id), id };
  }

  read(): Promise<ReadDestination> {
    return readOrExplain(this.title, async () => {
      const definition = await this.#parts.definitions.read();
      this.#definition = definition;
      const variables = currentVariables(definition.variables ?? {});
      refuseTwins(variables, this.title);
      return {
        traits: pipelineTraits,
        exists: true,
        description: '',
        version: String(definition.revision),
        readAtMs: this.#parts.clock.nowMs(),
        variables,
      };
    });
  }

  async write(plan: DestinationPlan, attempt: number): Promise<WriteOutcome> {
    const before = this.#definition;
    if (before === undefined) throw new Error('A definition is read before it is written.');
    const writing: WriteAttempt = { title: this.title, attempt, clock: this.#parts.clock };
    const body = JSON.stringify({
      ...before,
      variables: variablesBody(plan.changes, before.variables ?? {}),
    } satisfies SentDefinition);
    const sent = await sendOnce(() => this.#parts.definitions.update(body), writing);
    if ('kind' in sent) return sent;
    if (mayTryAgain(sent.status))
      return laterOutcome(sent, writing, () => this.#parts.definitions.refusal(sent, 'update'));
    return readOrExplain(this.title, async () =>
      [400, 404, 409].includes(sent.status) ? this.#conflict(sent, before) : this.#verify(sent, plan, before),
    );
  }

  /**
   * Which answer a stale revision gets is not known for certain (404 was seen, 400 and 409 are likely). Whether it was
   * one, the revision that is there now tells.
   */
  async #conflict(response: HttpResponse, before: BuildDefinition): Promise<WriteOutcome> {
    const { definitions } = this.#parts;
    const now = await definitions.read();
    if (now.revision === before.revision)
      return refusedOutcome(response, definitions.refusal(response, 'update'));
    return { kind: 'contested', tookEffect: false };
  }

  async #verify(
    response: HttpResponse,
    plan: DestinationPlan,
    before: BuildDefinition,
  ): Promise<WriteOutcome> {
    const { definitions, clock } = this.#parts;
    if (response.status !== 200) return refusedOutcome(response, definitions.refusal(response, 'update'));
    const written = definitions.parse(response, 'update');
    const { found, stillLags } = await readBack(() => definitions.read(), {
      lags: ({ revision }) => revision < written.revision,
      clock,
    });
    if (stillLags) throw notReadBack(this.title);
    return areAsPlanned(found.variables ?? {}, plan.changes, before.variables ?? {})
      ? { kind: 'verified' }
      : { kind: 'contested', tookEffect: true };
  }
}
