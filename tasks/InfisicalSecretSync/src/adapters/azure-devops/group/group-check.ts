import type { DestinationPlan } from '../../../domain/destination-plan.js';
import { comparableMarks } from '../../../domain/mark.js';
import type { VariableGroup } from '../schema.js';
import { areAsPlanned } from '../variables.js';

/** Whether a group that was read back is what the plan said: its variables and its marks. */
export function isGroupAsPlanned(
  group: VariableGroup,
  plan: DestinationPlan,
  before: VariableGroup | undefined,
): boolean {
  return (
    areAsPlanned(group.variables, plan.changes, before?.variables ?? {}) &&
    comparableMarks(group.description ?? '').join('\n') === comparableMarks(plan.description).join('\n')
  );
}
