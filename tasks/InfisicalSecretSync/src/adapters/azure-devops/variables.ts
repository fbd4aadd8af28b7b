import type { VariableValue } from 'azure-devops-node-api/interfaces/TaskAgentInterfaces.js';
import { DestinationError } from '../../domain/errors.js';
import type { Change, CurrentVariable } from '../../domain/plan.js';
import { SecretValue } from '../../domain/secret-value.js';
import { capitalized, quotedList, sameName } from '../../domain/text.js';
import type { Variable } from './schema.js';

/** The variables of a group or of a pipeline, as Azure DevOps writes them in both. */
export type Variables = Readonly<Record<string, Variable>>;

export function currentVariables(variables: Variables): CurrentVariable[] {
  return Object.entries(variables).map(([name, variable]) =>
    isSecret(variable) ? { name, isSecret: true } : { name, isSecret: false, value: valueOf(variable) },
  );
}

/** @throws DestinationError for names that Azure Pipelines takes for one variable */
export function refuseTwins(variables: readonly { name: string }[], title: string): void {
  if (new Set(variables.map(({ name }) => sameName(name))).size === variables.length) return;
  const counts = new Map<string, number>();
  for (const { name } of variables) counts.set(sameName(name), (counts.get(sameName(name)) ?? 0) + 1);
  const twice = variables.filter(({ name }) => (counts.get(sameName(name)) ?? 0) > 1);
  throw new DestinationError(
    `${capitalized(title)} contains names that differ only in case: ${quotedList(twice.map(({ name }) => name))}. Azure Pipelines treats them as one variable. Delete all but one by hand.`,
  );
}

/** What is sent: everything that is not deleted, what is not ours as it was read. */
export function variablesBody(
  changes: readonly Change[],
  current: Variables,
): Record<string, Record<string, unknown>> {
  const sent = changes.filter(({ kind }) => kind !== 'delete');
  return Object.fromEntries(
    sent.map((change) => [change.name, variableBody(change, current[change.name] ?? {})]),
  );
}

/** Whether what was read back is what the plan said: names, flags and plain values. */
export function areAsPlanned(found: Variables, changes: readonly Change[], before: Variables): boolean {
  const expected = changes.filter(({ kind }) => kind !== 'delete');
  return (
    Object.keys(found).length === expected.length &&
    expected.every((change) => isVariableAsPlanned(found[change.name], change, before[change.name]))
  );
}

function variableBody(change: Change, current: Variable): Record<string, unknown> {
  const { value, isSecret: wasSecret, ...flags } = current;
  if (!('to' in change)) {
    // A secret without a value keeps the stored one; with "" too, but then by a rule that nobody documents.
    return wasSecret === true ? ({ ...flags, isSecret: true } satisfies VariableValue) : { ...flags, value };
  }
  const { to } = change;
  return {
    ...flags,
    value: to.value.reveal(),
    ...(to.isSecret ? { isSecret: true } : {}),
  } satisfies VariableValue;
}

function isVariableAsPlanned(
  found: Variable | undefined,
  change: Change,
  kept: Variable | undefined,
): boolean {
  if (found === undefined) return false;
  if (!('to' in change)) return isAlike(found, isSecret(kept), valueOf(kept));
  return isAlike(found, change.to.isSecret, change.to.value);
}

function isAlike(found: Variable, shouldBeSecret: boolean, value: SecretValue): boolean {
  if (isSecret(found) !== shouldBeSecret) return false;
  return shouldBeSecret || valueOf(found).equals(value);
}

function valueOf(variable: Variable | undefined): SecretValue {
  return new SecretValue(variable?.value ?? '');
}

function isSecret(variable: Variable | undefined): boolean {
  return variable?.isSecret === true;
}
