import { DestinationError } from '../../../domain/errors.js';
import { capitalized, quoted, quotedList, sameName } from '../../../domain/text.js';
import type { Clock } from '../../../ports.js';
import type { GroupApi } from './group-api.js';
import { comparableTime } from '../modified-on.js';
import { notReadBack, readBack } from '../read-back.js';
import type { VariableGroup, WrittenGroup } from '../schema.js';
import { refuseTwins } from '../variables.js';

const mostLooks = 4;

export interface GroupLookupParts {
  name: string;
  projectTitle: string;
  groups: GroupApi;
  clock: Clock;
}

/** Finds one group by its name and reads it, never older than it was seen before. */
export class GroupLookup {
  readonly title: string;
  readonly #parts: GroupLookupParts;
  /** The newest state that anybody saw; an older one is a read that lags. */
  #newest = '';
  #searchAll = false;

  constructor(parts: GroupLookupParts) {
    this.#parts = parts;
    this.title = `variable group ${quoted(parts.name)} in project ${quoted(parts.projectTitle)}`;
  }

  /** A creation was refused because the name is taken: from now on all groups are searched, whatever their case. */
  searchAll(): void {
    this.#searchAll = true;
  }

  /** A write answered with this version; older reads lag. */
  expect(version: string): void {
    if (version > this.#newest) this.#newest = version;
  }

  /** @throws DestinationError for a group that can't be written, or that exists but does not show */
  async find(): Promise<VariableGroup | undefined> {
    for (let look = 1; ; look += 1) {
      const id = await this.#idOf();
      const group = id === undefined ? undefined : await this.readBack(id);
      if (group !== undefined) this.#refuseStrange(group);
      if (group !== undefined || id === undefined) return group;
      // Listed and not there: deleted just now, or one answer is wrong. Never to be taken for "there is none".
      if (look === mostLooks) throw this.#hidden();
      await this.#parts.clock.wait(500 * look);
    }
  }

  /**
   * Reads until the answer is as new as what was seen before. A group that was just created and does not show yet is
   * such an old answer, too.
   */
  async readBack(id: number, { isNew = false } = {}): Promise<VariableGroup | undefined> {
    const { groups, clock } = this.#parts;
    const { found, stillLags } = await readBack(() => groups.read(id), {
      lags: (group) => (group === undefined ? isNew : versionOf(group) < this.#newest),
      clock,
    });
    if (found === undefined) return undefined;
    if (stillLags) throw notReadBack(this.title);
    this.#newest = versionOf(found);
    return found;
  }

  async #idOf(): Promise<number | undefined> {
    const { name, groups } = this.#parts;
    // The service's filter reads a trailing * as a wildcard, and whether it minds case nobody says.
    const listed = await groups.list(name.includes('*') || this.#searchAll ? undefined : name);
    const exact = listed.find((group) => group.name === name);
    if (exact !== undefined) return exact.id;
    const alike = listed.filter((group) => sameName(group.name) === sameName(name));
    if (alike.length > 1) {
      throw new DestinationError(
        `Project ${quoted(this.#parts.projectTitle)} has several variable groups whose names differ from ${quoted(name)} only in case: ${quotedList(alike.map((group) => group.name))}. Set variableGroup to the exact name of the one you mean.`,
      );
    }
    if (alike.length === 0 && this.#searchAll) {
      throw this.#hidden();
    }
    return alike[0]?.id;
  }

  #hidden(): DestinationError {
    const { name, projectTitle } = this.#parts;
    return new DestinationError(
      `Azure DevOps says that a variable group ${quoted(name)} exists in project ${quoted(projectTitle)}, but does not show it to the identity that this run signs in with. Make that identity Administrator of the group under Pipelines › Library › the group › Security, or choose another name.`,
    );
  }

  #refuseStrange(group: VariableGroup): void {
    if (group.type.toLowerCase() !== 'vsts') {
      throw new DestinationError(
        `${capitalized(this.title)} is linked to a vault (type ${quoted(group.type)}). Its variables come from there, so this task can’t write them. Choose another variable group.`,
      );
    }
    const names = Object.keys(group.variables).map((name) => ({ name }));
    refuseTwins(names, this.title);
  }
}

/** When a group was changed last, in a form that can be compared. @throws DestinationError when it can't be read */
export function versionOf(group: WrittenGroup): string {
  const version = comparableTime(group.modifiedOn);
  if (version !== undefined) return version;
  throw new DestinationError(
    `This task can’t read the time at which the variable group ${quoted(group.name)} was changed (modifiedOn). Without that time it can’t notice other writers, so it stops. Check for a newer version of this extension.`,
  );
}
