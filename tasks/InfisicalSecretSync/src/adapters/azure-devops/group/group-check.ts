import type { DestinationPlan } from '../../../domain/destination-plan.js';
import { marksIn } from '../../../domain/mark.js';
import type { VariableGroup } from '../schema.js';
import { areAsPlanned } from '../variables.js';

/** Whether a group that was read back is what the plan said: its variables and its marks. */
export function isGroupAsPlanned(
  group: VariableGroup,
  plan: DestinationPlan,
  before: VariableGroup | undefined,
): boolean {
  const marks = marksIn(group.description ?? '');
  return (
    areAsPlanned(group.variables, plan.changes, before?.variables ?? {}) &&
    marks.length === marksIn(plan.description).length &&
    marksIn(plan.description).every((mark) => marks.includes(mark))
  );
}
