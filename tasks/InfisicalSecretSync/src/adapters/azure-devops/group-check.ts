import type { GroupPlan } from '../../domain/group-plan.js';
import { marksIn } from '../../domain/mark.js';
import type { Change } from '../../domain/plan.js';
import { SecretValue } from '../../domain/secret-value.js';
import type { Variable, VariableGroup } from './schema.js';

/** Whether a group that was read back is what the plan said: names, flags, plain values and marks. */
export function isAsPlanned(
  group: VariableGroup,
  plan: GroupPlan,
  before: VariableGroup | undefined,
): boolean {
  const expected = plan.changes.filter(({ kind }) => kind !== 'delete');
  if (Object.keys(group.variables).length !== expected.length) return false;
  const marks = marksIn(group.description ?? '');
  return (
    expected.every((change) => isVariableAsPlanned(group.variables[change.name], change, before)) &&
    marks.length === marksIn(plan.description).length &&
    marksIn(plan.description).every((mark) => marks.includes(mark))
  );
}

function isVariableAsPlanned(
  found: Variable | undefined,
  change: Change,
  before: VariableGroup | undefined,
): boolean {
  if (found === undefined) return false;
  if (change.kind === 'keep' || change.kind === 'delete') {
    const kept = before?.variables[change.name];
    return isAlike(found, isSecret(kept), valueOf(kept));
  }
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
