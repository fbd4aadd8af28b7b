import { minimatch } from './minimatch.js';
import type { StepContext } from './step-context.js';
import type { TaskDefinition } from './task-definition.js';

/** One set of limits, from task.json or from the step; all sets have to agree (TaskRestrictionsChecker.cs). */
export interface Restriction {
  isRestrictedMode: boolean;
  /** Globs; none at all means that nothing can be set, undefined that everything can. */
  settable: readonly string[] | undefined;
}

export interface StepTarget {
  commands?: 'restricted' | 'any';
  settableVariables?: 'none' | string[];
}

export function restrictionsOf(
  definition: TaskDefinition | undefined,
  target: StepTarget = {},
): Restriction[] {
  const ofTask = definition?.restrictions;
  const { commands, settableVariables } = target;
  return [
    ...(ofTask === undefined
      ? []
      : [
          {
            isRestrictedMode: ofTask.commands?.mode?.toLowerCase() === 'restricted',
            settable:
              ofTask.settableVariables === undefined ? undefined : (ofTask.settableVariables.allowed ?? []),
          },
        ]),
    ...(commands === 'restricted' ? [{ isRestrictedMode: true, settable: undefined }] : []),
    ...(settableVariables === undefined
      ? []
      : [{ isRestrictedMode: false, settable: settableVariables === 'none' ? [] : settableVariables }]),
  ];
}

/** A refusal is a warning and nothing else: the step goes on, and the task can't tell. */
export function maySet({ restrictions, record }: StepContext, name: string): boolean {
  const isAllowed = restrictions.every(
    ({ settable }) => settable === undefined || settable.some((glob) => minimatch(name, glob)),
  );
  if (!isAllowed)
    record.warning(`Setting variable '${name}' has been disabled by the task or build definition.`);
  return isAllowed;
}
