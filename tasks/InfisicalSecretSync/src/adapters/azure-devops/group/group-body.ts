import type { VariableGroupParameters } from 'azure-devops-node-api/interfaces/TaskAgentInterfaces.js';
import type { DestinationPlan } from '../../../domain/destination-plan.js';
import type { TeamProject } from '../project.js';
import type { VariableGroup } from '../schema.js';
import { variablesBody } from '../variables.js';

/** The service's own types of what it takes; what is carried through goes back as it was read, `null` too. */
type OrAsRead<T> = { [Field in keyof T]: OrAsRead<T[Field]> | null | undefined };

/** The body that creates a group. Without a reference the service adds the one of the URL's project. */
export function creationBody(name: string, plan: DestinationPlan, project: TeamProject | undefined): string {
  return JSON.stringify({
    type: 'Vsts',
    name,
    description: plan.description,
    variables: variablesBody(plan.changes, {}),
    ...(project === undefined
      ? {}
      : {
          variableGroupProjectReferences: [
            { name, description: plan.description, projectReference: { id: project.id, name: project.name } },
          ],
        }),
  } satisfies OrAsRead<VariableGroupParameters>);
}

/**
 * The body that replaces a whole group: what is not sent is lost, so everything that is not ours is carried through
 * as it was read.
 */
export function replacementBody(group: VariableGroup, plan: DestinationPlan): string {
  const { name, type, providerData, variableGroupProjectReferences: references } = group;
  return JSON.stringify({
    type,
    name,
    description: plan.description,
    ...(providerData === undefined ? {} : { providerData }),
    variables: variablesBody(plan.changes, group.variables),
    ...(references === null || references === undefined
      ? {}
      : {
          variableGroupProjectReferences: references.map((reference) =>
            withDescription(reference, group, plan),
          ),
        }),
  } satisfies OrAsRead<VariableGroupParameters>);
}

/** The description stands in the group and in each reference; those that were equal stay equal. */
function withDescription<T extends { description?: string | null | undefined }>(
  reference: T,
  group: VariableGroup,
  plan: DestinationPlan,
): T {
  const followed = (reference.description ?? '') === (group.description ?? '');
  return followed ? { ...reference, description: plan.description } : reference;
}
