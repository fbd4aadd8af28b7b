import { isObject } from './answers.js';
import { valueAfter, type Author } from './group-store.js';

export interface DefinitionVariable {
  value: string | null;
  allowOverride: boolean;
  isSecret: boolean;
}

export type DefinitionVariables = Record<string, DefinitionVariable>;

/** A pipeline as it is saved, YAML or classic. */
export interface StoredDefinition {
  id: number;
  projectId: string;
  name: string;
  revision: number;
  /** What the client decides, apart from name and variables. */
  body: Record<string, unknown>;
  variables: DefinitionVariables;
  authoredBy: Author & { descriptor: string };
  createdDate: string;
}

export interface StoredQueue {
  id: number;
  name: string;
  pool: { id: number; name: string; isHosted: boolean };
}

/** Secrets are kept like those of groups (recorded for a value left out; the rest is inferred). */
export function mergedVariables(sent: unknown, stored: DefinitionVariables): DefinitionVariables {
  const before = new Map(Object.entries(stored).map(([name, variable]) => [name.toLowerCase(), variable]));
  const entries = Object.entries(isObject(sent) ? sent : {}).filter(([, variable]) => isObject(variable));
  return Object.fromEntries(
    entries.map(([name, variable]) => [
      name,
      {
        value: valueAfter(variable as Partial<DefinitionVariable>, before.get(name.toLowerCase())),
        allowOverride: (variable as Partial<DefinitionVariable>).allowOverride === true,
        isSecret: (variable as Partial<DefinitionVariable>).isSecret === true,
      },
    ]),
  );
}

/** As an answer shows them: no value of a secret, no flag that is false. */
export function shownVariables(variables: DefinitionVariables): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, { value, allowOverride, isSecret }]) => [
      name,
      {
        value: isSecret ? null : value,
        ...(allowOverride ? { allowOverride } : {}),
        ...(isSecret ? { isSecret } : {}),
      },
    ]),
  );
}
