import { variableGroupTraits, type DestinationPlan } from '../../../domain/destination-plan.js';
import type { Place } from '../../../domain/report.js';
import type { Permissions, ReadDestination, VariableStore, WriteOutcome } from '../../../ports.js';
import { mayTryAgain } from '../../http/client.js';
import type { HttpResponse } from '../../http/exchange.js';
import { creationBody, replacementBody } from './group-body.js';
import { isGroupAsPlanned } from './group-check.js';
import { GroupLookup, versionOf, type GroupLookupParts } from './group-lookup.js';
import { millisecondsOf } from '../modified-on.js';
import type { TeamProject } from '../project.js';
import { readBack } from '../read-back.js';
import { readOrExplain } from '../read-or-explain.js';
import { typeKeyOf } from '../refusals.js';
import type { VariableGroup } from '../schema.js';
import { currentVariables } from '../variables.js';
import {
  beforeSending,
  laterOutcome,
  refusedOutcome,
  sendOnce,
  type WriteAttempt,
} from '../write-attempt.js';

export interface VariableGroupStoreParts extends GroupLookupParts {
  /** Looked up only when the project's ID is needed. @throws DestinationError */
  project: () => Promise<TeamProject>;
  authorize: (groupId: number) => Promise<string[]>;
}

type Deed = 'create' | 'update' | 'delete';

/** One variable group: read whole, written whole, read back. Decides nothing; it does what the plan lists. */
export class VariableGroupStore implements VariableStore, Permissions {
  readonly title: string;
  readonly mostRounds = 10;
  readonly #parts: VariableGroupStoreParts;
  /** The group of the last read: what is not ours goes back from here. */
  #group: VariableGroup | undefined;
  /** Also after the group was deleted: the report names it. */
  #id: number | undefined;
  readonly #lookup: GroupLookup;

  constructor(parts: VariableGroupStoreParts) {
    this.#parts = parts;
    this.#lookup = new GroupLookup(parts);
    this.title = this.#lookup.title;
  }

  get place(): Place {
    const { name, projectTitle: project } = this.#parts;
    return { kind: 'variableGroup', project, name, ...(this.#id === undefined ? {} : { id: this.#id }) };
  }

  authorize(): Promise<string[]> {
    return this.#id === undefined ? Promise.resolve([]) : this.#parts.authorize(this.#id);
  }

  read(): Promise<ReadDestination> {
    return readOrExplain(this.title, async () => {
      const group = await this.#lookup.find();
      this.#group = group;
      this.#id = group?.id ?? this.#id;
      return this.#readGroup(group);
    });
  }

  async write(plan: DestinationPlan, attempt: number): Promise<WriteOutcome> {
    const deed = plan.write === 'delete' ? 'delete' : plan.write;
    if (deed === 'nothing') throw new Error('There is nothing to write in this plan.');
    const sent = await this.#send(plan, attempt);
    if ('kind' in sent) return sent;
    const outcome = this.#outcomeOf(sent, deed, attempt);
    if (outcome !== undefined) return outcome;
    return readOrExplain(this.title, () =>
      deed === 'delete' ? this.#verifyGone() : this.#verify(sent, deed, plan),
    );
  }

  #readGroup(group: VariableGroup | undefined): ReadDestination {
    const readAtMs = this.#parts.clock.nowMs();
    const traits = variableGroupTraits;
    const { name, groups } = this.#parts;
    const { answeredAtMs } = groups;
    if (group === undefined) {
      const place = { name, id: undefined, changedAtMs: undefined, answeredAtMs };
      return { traits, exists: false, description: '', variables: [], place, version: undefined, readAtMs };
    }
    const version = versionOf(group);
    return {
      traits,
      exists: true,
      description: group.description ?? '',
      version,
      readAtMs,
      variables: currentVariables(group.variables),
      place: { id: group.id, name: group.name, changedAtMs: millisecondsOf(version), answeredAtMs },
    };
  }

  async #send(plan: DestinationPlan, attempt: number): Promise<HttpResponse | WriteOutcome> {
    const { groups, name } = this.#parts;
    const group = this.#group;
    const needsProject = group === undefined || plan.write === 'delete';
    const project = needsProject
      ? await beforeSending(() => readOrExplain(this.title, this.#parts.project))
      : undefined;
    if (project !== undefined && 'kind' in project) return project;
    return sendOnce(() => {
      if (group === undefined) return groups.create(creationBody(name, plan, project));
      if (project !== undefined) return groups.delete(group.id, project.id);
      return groups.update(group.id, replacementBody(group, plan));
    }, this.#attempt(attempt));
  }

  /** How a write ended that brought no group back; `undefined` when it has to be verified. */
  #outcomeOf(response: HttpResponse, deed: Deed, attempt: number): WriteOutcome | undefined {
    const { status } = response;
    if (mayTryAgain(status))
      return laterOutcome(response, this.#attempt(attempt), () => this.#parts.groups.refusal(response, deed));
    if (deed === 'create' && isTaken(response)) {
      this.#lookup.searchAll();
      return { kind: 'deferred', why: 'a group of this name exists by now', waitMs: 0 };
    }
    if (deed !== 'create' && status === 404) {
      return { kind: 'deferred', why: 'it no longer knows the group', waitMs: 0 };
    }
    const isDone = status === 200 || (deed === 'delete' && status === 204);
    return isDone ? undefined : refusedOutcome(response, this.#parts.groups.refusal(response, deed));
  }

  #attempt(attempt: number): WriteAttempt {
    return { title: this.title, attempt, clock: this.#parts.clock };
  }

  async #verify(
    response: HttpResponse,
    deed: 'create' | 'update',
    plan: DestinationPlan,
  ): Promise<WriteOutcome> {
    const before = this.#group;
    const written = this.#parts.groups.written(response, deed);
    const version = versionOf(written);
    this.#id = written.id;
    this.#lookup.expect(version);
    const group = await this.#lookup.readBack(written.id, { isNew: deed === 'create' });
    if (group === undefined || versionOf(group) !== version) return { kind: 'contested', tookEffect: true };
    return isGroupAsPlanned(group, plan, before)
      ? { kind: 'verified', version }
      : { kind: 'contested', tookEffect: true };
  }

  async #verifyGone(): Promise<WriteOutcome> {
    const { groups, clock } = this.#parts;
    const id = this.#group?.id;
    if (id === undefined) return { kind: 'verified' };
    const { stillLags } = await readBack(() => groups.read(id), {
      lags: (group) => group !== undefined,
      clock,
    });
    return stillLags ? { kind: 'unknown', why: 'the group is still there', waitMs: 0 } : { kind: 'verified' };
  }
}

function isTaken(response: HttpResponse): boolean {
  return response.status === 409 || typeKeyOf(response) === 'VariableGroupExistsException';
}
