import type { DesiredVariable } from './desired.js';
import type { KeySchema } from './key-schema.js';
import { matchesPattern } from './name-pattern.js';
import type { SecretValue } from './secret-value.js';
import { byName, sameName } from './text.js';

/** A variable as it is. A secret's value can't be read back. */
export type CurrentVariable =
  { name: string; isSecret: true } | { name: string; isSecret: false; value: SecretValue };

/** What happens to one variable, and why. `name` is the destination's spelling where the variable exists. */
export type Change =
  | { kind: 'create'; name: string; because: 'new'; to: DesiredVariable }
  | {
      kind: 'update';
      name: string;
      because: 'different' | 'becomes secret' | 'becomes plain' | 'emptied';
      to: DesiredVariable;
    }
  | { kind: 'rewrite'; name: string; because: 'a secret can’t be compared'; to: DesiredVariable }
  | { kind: 'delete'; name: string; because: 'not in Infisical' | 'removed' }
  | { kind: 'keep'; name: string; because: KeepReason };

export type KeepReason =
  | 'same'
  | 'outside the key schema'
  | 'deletion disabled'
  | 'an import gave no secret'
  | 'not from this source';

export interface PlanPolicy {
  keySchema: KeySchema;
  disableSecretDeletion: boolean;
  /** An import gave nothing, which may mean that it may not be read: nothing is taken away then. */
  sourceMayBeIncomplete: boolean;
  /** Without a key schema: whether everything in the destination is the sync's. */
  ownsWhole: boolean;
}

/**
 * What a sync does to each variable, sorted by name. Changes nothing.
 *
 *   desired  current          change
 *   -------  ---------------  ----------------------------------------------------------------
 *   x        –                create
 *   plain    plain, same      keep (same)
 *   plain    plain, other     update (different)
 *   secret   secret           rewrite: Azure DevOps never gives a secret back
 *   secret   plain            update (becomes secret)
 *   plain    secret           update (becomes plain)
 *   empty    not empty        update (emptied); keep where nothing may be taken away
 *   –        in scope         delete; keep where nothing may be taken away
 *   –        out of scope     keep (outside the key schema, not from this source)
 */
export function planSync(
  desired: readonly DesiredVariable[],
  current: readonly CurrentVariable[],
  policy: PlanPolicy,
): Change[] {
  const existing = new Map(current.map((variable) => [sameName(variable.name), variable]));
  const wanted = new Set(desired.map(({ name }) => sameName(name)));
  const changes = desired.map((want) => changeFor(want, existing.get(sameName(want.name)), policy));
  const others = current.filter(({ name }) => !wanted.has(sameName(name)));
  return [...changes, ...others.map(({ name }) => changeForUnwanted(name, policy))].sort(byName);
}

/** What `remove` does: the names that the source gives go, and with a key schema everything that matches it. */
export function planRemove(
  names: readonly string[],
  current: readonly CurrentVariable[],
  keySchema: KeySchema,
): Change[] {
  const ours = new Set(names.map(sameName));
  return current
    .map(({ name }): Change => {
      if (ours.has(sameName(name)) || (keySchema.narrows && matchesPattern(keySchema.pattern, name))) {
        return { kind: 'delete', name, because: 'removed' };
      }
      return {
        kind: 'keep',
        name,
        because: keySchema.narrows ? 'outside the key schema' : 'not from this source',
      };
    })
    .sort(byName);
}

/** Changes that take a value away: for the guard, emptying a variable is deleting it. */
export function takesAway(change: Change): boolean {
  return change.kind === 'delete' || change.because === 'emptied';
}

function changeFor(want: DesiredVariable, have: CurrentVariable | undefined, policy: PlanPolicy): Change {
  if (have === undefined) return { kind: 'create', name: want.name, because: 'new', to: want };
  const { name } = have;
  const isEmptied = want.value.isEmpty && !isEmptyNow(have);
  if (!isEmptied) return changeOfValue(want, have);
  const because = reasonToKeep(policy);
  return because === undefined
    ? { kind: 'update', name, because: 'emptied', to: want }
    : { kind: 'keep', name, because };
}

function changeOfValue(want: DesiredVariable, have: CurrentVariable): Change {
  const { name } = have;
  if (have.isSecret) {
    return want.isSecret
      ? { kind: 'rewrite', name, because: 'a secret can’t be compared', to: want }
      : { kind: 'update', name, because: 'becomes plain', to: want };
  }
  if (want.isSecret) return { kind: 'update', name, because: 'becomes secret', to: want };
  return have.value.equals(want.value)
    ? { kind: 'keep', name, because: 'same' }
    : { kind: 'update', name, because: 'different', to: want };
}

/** A secret that is there may hold anything, so it counts as not empty. */
function isEmptyNow(have: CurrentVariable): boolean {
  return !have.isSecret && have.value.isEmpty;
}

function changeForUnwanted(name: string, policy: PlanPolicy): Change {
  if (!matchesPattern(policy.keySchema.pattern, name))
    return { kind: 'keep', name, because: 'outside the key schema' };
  if (!policy.keySchema.narrows && !policy.ownsWhole)
    return { kind: 'keep', name, because: 'not from this source' };
  const because = reasonToKeep(policy);
  return because === undefined
    ? { kind: 'delete', name, because: 'not in Infisical' }
    : { kind: 'keep', name, because };
}

function reasonToKeep(policy: PlanPolicy): KeepReason | undefined {
  if (policy.disableSecretDeletion) return 'deletion disabled';
  if (policy.sourceMayBeIncomplete) return 'an import gave no secret';
  return undefined;
}
