import type { DesiredVariable } from './desired.js';
import type { KeySchema } from './key-schema.js';
import type { Owner, Whose } from './ownership.js';
import type { Compared, Doubt } from './record/record.js';
import type { SecretValue } from './secret-value.js';
import { sameName, sortedByName } from './text.js';

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
  | { kind: 'rewrite'; name: string; because: Doubt; to: DesiredVariable }
  | { kind: 'delete'; name: string; because: 'not in Infisical' | 'has no matching tag' | 'removed' }
  /** What is the same, a secret by its record. Where the group is written, it is written too. */
  | { kind: 'keep'; name: string; because: 'same'; to: DesiredVariable }
  | { kind: 'keep'; name: string; because: KeepReason };

export type KeepReason =
  | 'outside the key schema'
  | 'deletion disabled'
  | 'an import gave no secret'
  | 'not from this source'
  | 'belongs to another sync'
  | 'may belong to another sync'
  | 'not known to belong to this sync';

export interface PlanPolicy {
  keySchema: KeySchema;
  whose: (name: string) => Owner;
  disableSecretDeletion: boolean;
  /** An import gave nothing, which may mean that it may not be read: nothing is taken away then. */
  sourceMayBeIncomplete: boolean;
  /** Names of secrets that are in Infisical and that the `tags` input leaves out. */
  untagged?: readonly string[] | undefined;
  /** What is known of a secret that is there; without it, nothing. */
  compare?: (want: DesiredVariable) => Compared;
}

/**
 * What a sync does to each variable, sorted by name. Changes nothing.
 *
 *   desired  current          change
 *   -------  ---------------  ----------------------------------------------------------------
 *   x        –                create
 *   plain    plain, same      keep (same)
 *   plain    plain, other     update (different)
 *   secret   secret           by its record keep (same) or update (different); without one rewrite, because Azure
 *                             DevOps never gives a secret back
 *   secret   plain            update (becomes secret)
 *   plain    secret           update (becomes plain)
 *   empty    not empty        update (emptied); keep where nothing may be taken away
 *   x        another sync's   keep (belongs to another sync), whether it exists or not
 *   –        ours, unproven   delete; keep where nothing may be taken away
 *   –        any other        keep, with the reason why it is not this sync's
 *
 * Whose a variable is, ownership.ts tells. Whether one that is not proven to be ours may go, the guard decides.
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
  const untagged = new Set((policy.untagged ?? []).map(sameName));
  const gone = others.map(({ name }) => {
    const whyGone = untagged.has(sameName(name)) ? 'has no matching tag' : 'not in Infisical';
    return changeForUnwanted(name, whyGone, policy);
  });
  return sortedByName([...changes, ...gone], ({ name }) => name);
}

/** What `remove` does: the names that the source gives go, and with a key schema all that the sync owns. */
export function planRemove(
  names: readonly string[],
  current: readonly CurrentVariable[],
  policy: Pick<PlanPolicy, 'keySchema' | 'whose'> & { takesUnproven: boolean },
): Change[] {
  const given = new Set(names.map(sameName));
  const { narrows } = policy.keySchema;
  const changes = current.map(({ name }): Change => {
    const { whose } = policy.whose(name);
    if (!narrows && !given.has(sameName(name)))
      return { kind: 'keep', name, because: 'not from this source' };
    if (whose === 'ours' || (whose === 'unproven' && policy.takesUnproven))
      return { kind: 'delete', name, because: 'removed' };
    return { kind: 'keep', name, because: reasonToLeave(whose, narrows) };
  });
  return sortedByName(changes, ({ name }) => name);
}

/** Whether this sync makes or leaves a variable readable; undefined for one whose value it does not decide. */
export function typeOf(change: Change): 'secret' | 'plain' | undefined {
  if (!('to' in change)) return undefined;
  return change.to.isSecret ? 'secret' : 'plain';
}

/** Changes that take a value away: for the guard, emptying a variable is deleting it. */
export function takesAway(change: Change): boolean {
  return change.kind === 'delete' || change.because === 'emptied';
}

function changeFor(want: DesiredVariable, have: CurrentVariable | undefined, policy: PlanPolicy): Change {
  if (policy.whose(want.name).whose === 'theirs')
    return { kind: 'keep', name: have?.name ?? want.name, because: 'belongs to another sync' };
  if (have === undefined) return { kind: 'create', name: want.name, because: 'new', to: want };
  const { name } = have;
  const isEmptied = want.value.isEmpty && !isEmptyNow(have);
  if (!isEmptied) return changeOfValue(want, have, policy);
  const because = reasonToKeep(policy);
  return because === undefined
    ? { kind: 'update', name, because: 'emptied', to: want }
    : { kind: 'keep', name, because };
}

function changeOfValue(want: DesiredVariable, have: CurrentVariable, policy: PlanPolicy): Change {
  const { name } = have;
  if (have.isSecret) {
    if (!want.isSecret) return { kind: 'update', name, because: 'becomes plain', to: want };
    const because = policy.compare?.(want) ?? 'a secret can’t be compared';
    if (because === 'same') return { kind: 'keep', name, because, to: want };
    if (because === 'different') return { kind: 'update', name, because, to: want };
    return { kind: 'rewrite', name, because, to: want };
  }
  if (want.isSecret) return { kind: 'update', name, because: 'becomes secret', to: want };
  return have.value.equals(want.value)
    ? { kind: 'keep', name, because: 'same', to: want }
    : { kind: 'update', name, because: 'different', to: want };
}

/** A secret that is there may hold anything, so it counts as not empty. */
function isEmptyNow(have: CurrentVariable): boolean {
  return !have.isSecret && have.value.isEmpty;
}

function changeForUnwanted(
  name: string,
  whyGone: 'not in Infisical' | 'has no matching tag',
  policy: PlanPolicy,
): Change {
  const { whose } = policy.whose(name);
  if (whose !== 'ours' && whose !== 'unproven')
    return { kind: 'keep', name, because: reasonToLeave(whose, policy.keySchema.narrows) };
  const because = reasonToKeep(policy);
  return because === undefined ? { kind: 'delete', name, because: whyGone } : { kind: 'keep', name, because };
}

function reasonToKeep(policy: PlanPolicy): KeepReason | undefined {
  if (policy.disableSecretDeletion) return 'deletion disabled';
  if (policy.sourceMayBeIncomplete) return 'an import gave no secret';
  return undefined;
}

function reasonToLeave(whose: Exclude<Whose, 'ours'>, narrows: boolean): KeepReason {
  switch (whose) {
    case 'theirs':
      return 'belongs to another sync';
    case 'open':
      return 'may belong to another sync';
    case 'unproven':
      return 'not known to belong to this sync';
    case "nobody's":
      return narrows ? 'outside the key schema' : 'not from this source';
  }
}
