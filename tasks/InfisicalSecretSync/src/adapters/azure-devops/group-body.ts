import type { GroupPlan } from '../../domain/group-plan.js';
import type { Change } from '../../domain/plan.js';
import type { TeamProject } from './project.js';
import type { Variable, VariableGroup } from './schema.js';

type VariableBody = Record<string, unknown>;

/** The body that creates a group. Without a reference the service adds the one of the URL's project. */
export function creationBody(name: string, plan: GroupPlan, project: TeamProject | undefined): string {
  return JSON.stringify({
    type: 'Vsts',
    name,
    description: plan.description,
    variables: variablesOf(plan.changes, {}),
    ...(project === undefined
      ? {}
      : {
          variableGroupProjectReferences: [
            { name, description: plan.description, projectReference: { id: project.id, name: project.name } },
          ],
        }),
  });
}

/**
 * The body that replaces a whole group: what is not sent is lost, so everything that is not ours is carried through
 * as it was read.
 */
export function replacementBody(group: VariableGroup, plan: GroupPlan): string {
  const { name, type, providerData, variableGroupProjectReferences: references } = group;
  return JSON.stringify({
    type,
    name,
    description: plan.description,
    ...(providerData === undefined ? {} : { providerData }),
    variables: variablesOf(plan.changes, group.variables),
    ...(references === null || references === undefined
      ? {}
      : {
          variableGroupProjectReferences: references.map((reference) =>
            withDescription(reference, group, plan),
          ),
        }),
  });
}

/** The description stands in the group and in each reference; those that were equal stay equal. */
function withDescription<T extends { description?: string | null | undefined }>(
  reference: T,
  group: VariableGroup,
  plan: GroupPlan,
): T {
  const followed = (reference.description ?? '') === (group.description ?? '');
  return followed ? { ...reference, description: plan.description } : reference;
}

function variablesOf(
  changes: readonly Change[],
  current: Readonly<Record<string, Variable>>,
): Record<string, VariableBody> {
  const sent = changes.filter(({ kind }) => kind !== 'delete');
  return Object.fromEntries(
    sent.map((change) => [change.name, variableBody(change, current[change.name] ?? {})]),
  );
}

function variableBody(change: Change, current: Variable): VariableBody {
  const { value, isSecret, ...flags } = current;
  if (change.kind === 'keep' || change.kind === 'delete') {
    // A secret without a value keeps the stored one; with "" too, but then by a rule that nobody documents.
    return isSecret === true ? { ...flags, isSecret: true } : { ...flags, value };
  }
  const { to } = change;
  return { ...flags, value: to.value.reveal(), ...(to.isSecret ? { isSecret: true } : {}) };
}
