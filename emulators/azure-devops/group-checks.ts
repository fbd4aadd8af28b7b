import type { Answer } from '../loopback/loopback-server.js';
import { failure, isObject } from './answers.js';
import type { SentVariable, StoredGroup } from './group-store.js';
import type { Service } from './service.js';

export interface GroupBody {
  name?: string;
  description?: string | null;
  type?: string;
  providerData?: unknown;
  variables?: Record<string, SentVariable>;
  variableGroupProjectReferences?: { projectReference?: { id?: string; name?: string } }[] | null;
}

/** What no group may be, whoever sends it. */
export function refuseBody(body: GroupBody, service: Service): Answer | undefined {
  const entries = sentVariables(body);
  if (entries.length === 0) return wrong('Variable group must have at least one variable defined.');
  if (new Set(entries.map(([name]) => name.toLowerCase())).size !== entries.length)
    return wrong('An item with the same key has already been added.');
  const limit = service.switches.valueLimit ?? Number.POSITIVE_INFINITY;
  const long = entries.find(([, variable]) => (variable.value ?? '').length > limit);
  if (long !== undefined)
    return wrong(`The value of variable ${long[0]} is longer than ${String(limit)} characters.`);
  return (body.name ?? '').trim() === '' ? wrong('A variable group needs a name.') : undefined;
}

export function sentVariables(body: GroupBody): [name: string, variable: SentVariable][] {
  return Object.entries(body.variables ?? {}).filter(([, variable]) => isObject(variable));
}

/** A group can't be moved to another project by a write. */
export function refuseReferences(body: GroupBody, group: StoredGroup): Answer | undefined {
  const foreign = (body.variableGroupProjectReferences ?? []).find(
    ({ projectReference }) => projectReference?.id !== undefined && projectReference.id !== group.projectId,
  );
  if (foreign === undefined) return undefined;
  return wrong(`Variable group is not part of project ${foreign.projectReference?.id ?? ''}.`);
}

/** Services allows no group in two projects, by whatever call (seen live by two public projects, August 2026). */
export const sharingRefused = failure(
  500,
  'InvalidOperationException',
  'Sharing of variable group is not allowed.',
);

export function refuseTaken(service: Service, projectId: string, name: string): Answer | undefined {
  const isTaken = [...service.groups.values()].some(
    (group) => group.projectId === projectId && group.name.toLowerCase() === name.toLowerCase(),
  );
  if (!isTaken) return undefined;
  return failure(409, 'VariableGroupExistsException', `Variable group '${name}' already exists.`);
}

export function denied(who: 'variable group' | 'library'): Answer {
  const role = who === 'library' ? 'Creator' : 'Administrator';
  return failure(
    403,
    'AccessDeniedException',
    `You do not have permissions to perform this operation on the ${who}. A ${who} administrator should add you to the ${role} role.`,
  );
}

export function wrong(message: string): Answer {
  return failure(400, 'ArgumentException', message);
}
