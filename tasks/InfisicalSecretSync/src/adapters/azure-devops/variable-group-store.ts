import { CancelledError, DestinationError } from '../../domain/errors.js';
import type { GroupPlan } from '../../domain/group-plan.js';
import { SecretValue } from '../../domain/secret-value.js';
import type { ReadGroup, VariableStore, WriteOutcome } from '../../ports.js';
import { mayTryAgain } from '../http/client.js';
import { NetworkError, type HttpResponse } from '../http/exchange.js';
import { whyNoAnswer } from '../http/no-answer.js';
import { backoffMs, retryAfterMs } from '../http/retry-timing.js';
import { creationBody, replacementBody } from './group-body.js';
import { isAsPlanned } from './group-check.js';
import { GroupLookup, mostReadBacks, versionOf, type GroupLookupParts } from './group-lookup.js';
import type { TeamProject } from './project.js';
import { typeKeyOf } from './refusals.js';
import type { VariableGroup } from './schema.js';

export interface VariableGroupStoreParts extends GroupLookupParts {
  /** Looked up only when the project's ID is needed. @throws DestinationError */
  project: () => Promise<TeamProject>;
  authorize: (groupId: number) => Promise<string[]>;
}

type Deed = 'create' | 'update' | 'delete';

/** One variable group: read whole, written whole, read back. Decides nothing; it does what the plan lists. */
export class VariableGroupStore implements VariableStore {
  readonly title: string;
  readonly #parts: VariableGroupStoreParts;
  /** The group of the last read: what is not ours goes back from here. */
  #group: VariableGroup | undefined;
  readonly #lookup: GroupLookup;

  constructor(parts: VariableGroupStoreParts) {
    this.#parts = parts;
    this.#lookup = new GroupLookup(parts);
    this.title = this.#lookup.title;
  }

  authorize(groupId: number): Promise<string[]> {
    return this.#parts.authorize(groupId);
  }

  read(): Promise<ReadGroup> {
    return this.#explained(async () => {
      const group = await this.#lookup.find();
      this.#group = group;
      return this.#readGroup(group);
    });
  }

  async write(plan: GroupPlan, attempt: number): Promise<WriteOutcome> {
    const deed = plan.write === 'deleteGroup' ? 'delete' : plan.write;
    if (deed === 'nothing') throw new Error('There is nothing to write in this plan.');
    const sent = await this.#send(plan, attempt);
    if ('kind' in sent) return sent;
    const outcome = this.#outcomeOf(sent, deed, attempt);
    if (outcome !== undefined) return outcome;
    return this.#explained(() => (deed === 'delete' ? this.#verifyGone() : this.#verify(sent, deed, plan)));
  }

  #readGroup(group: VariableGroup | undefined): ReadGroup {
    const readAtMs = this.#parts.clock.nowMs();
    if (group === undefined)
      return { exists: false, description: '', variables: [], version: undefined, readAtMs };
    return {
      exists: true,
      id: group.id,
      description: group.description ?? '',
      version: versionOf(group),
      readAtMs,
      variables: Object.entries(group.variables).map(([name, { value, isSecret }]) =>
        isSecret === true
          ? { name, isSecret: true }
          : { name, isSecret: false, value: new SecretValue(value ?? '') },
      ),
    };
  }

  async #send(plan: GroupPlan, attempt: number): Promise<HttpResponse | WriteOutcome> {
    const { groups, name, clock } = this.#parts;
    const group = this.#group;
    const needsProject = group === undefined || plan.write === 'deleteGroup';
    const project = needsProject ? await this.#explained(this.#parts.project) : undefined;
    try {
      if (group === undefined) return await groups.create(creationBody(name, plan, project));
      if (project !== undefined) return await groups.delete(group.id, project.id);
      return await groups.update(group.id, replacementBody(group, plan));
    } catch (cause) {
      if (!(cause instanceof NetworkError)) throw cause;
      if (cause.code === 'ABORTED') {
        throw new CancelledError(
          `The step was asked to stop while it wrote ${this.title}; the write was cut off.`,
          { cause },
        );
      }
      return { kind: 'unknown', why: whyNoAnswer(cause), waitMs: backoffMs(attempt, clock.random()) };
    }
  }

  /** How a write ended that brought no group back; `undefined` when it has to be verified. */
  #outcomeOf(response: HttpResponse, deed: Deed, attempt: number): WriteOutcome | undefined {
    const { status } = response;
    if (mayTryAgain(status)) return this.#later(response, deed, attempt);
    if (deed === 'create' && isTaken(response)) {
      this.#lookup.searchAll();
      return { kind: 'unknown', why: 'a group of this name exists meanwhile', waitMs: 0 };
    }
    if (deed === 'update' && status === 404) {
      return { kind: 'unknown', why: 'the group was deleted meanwhile', waitMs: 0 };
    }
    const isDone = status === 200 || (deed === 'delete' && status === 204);
    if (!isDone) throw this.#parts.groups.refusal(response, deed);
    return undefined;
  }

  #later(response: HttpResponse, deed: Deed, attempt: number): WriteOutcome {
    const { groups, clock } = this.#parts;
    const askedMs = retryAfterMs(response.headers['retry-after'], clock.nowMs());
    if (askedMs === 'too long') throw groups.refusal(response, deed);
    const waitMs = Math.max(askedMs ?? 0, backoffMs(attempt, clock.random()));
    return { kind: 'unknown', why: `it answered with status ${String(response.status)}`, waitMs };
  }

  async #verify(response: HttpResponse, deed: 'create' | 'update', plan: GroupPlan): Promise<WriteOutcome> {
    const before = this.#group;
    const written = this.#parts.groups.written(response, deed);
    const version = versionOf(written);
    this.#lookup.expect(version);
    const group = await this.#lookup.readBack(written.id, { isNew: deed === 'create' });
    if (group === undefined || versionOf(group) !== version) return { kind: 'contested' };
    return isAsPlanned(group, plan, before) ? { kind: 'verified', id: written.id } : { kind: 'contested' };
  }

  async #verifyGone(): Promise<WriteOutcome> {
    const { groups, clock } = this.#parts;
    const id = this.#group?.id;
    for (let reading = 1; id !== undefined && (await groups.read(id)) !== undefined; reading += 1) {
      if (reading === mostReadBacks) return { kind: 'unknown', why: 'the group is still there', waitMs: 0 };
      await clock.wait(Math.min(2_000, 100 * reading));
    }
    return { kind: 'verified' };
  }

  async #explained<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      if (!(cause instanceof NetworkError)) throw cause;
      if (cause.code === 'ABORTED')
        throw new CancelledError('The step was asked to stop while it read Azure DevOps.', { cause });
      throw new DestinationError(`Azure DevOps gave no answer about ${this.title}: ${whyNoAnswer(cause)}.`, {
        cause,
      });
    }
  }
}

function isTaken(response: HttpResponse): boolean {
  return response.status === 409 || typeKeyOf(response) === 'VariableGroupExistsException';
}
