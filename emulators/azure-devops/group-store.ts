export interface StoredVariable {
  value: string | null;
  isSecret: boolean;
  isReadOnly: boolean;
  /** Fields that only groups linked to a vault have. */
  extra: Record<string, unknown>;
}

export interface Author {
  id: string;
  displayName: string;
  uniqueName: string;
}

export interface StoredGroup {
  id: number;
  projectId: string;
  type: string;
  name: string;
  description: string | undefined;
  providerData: unknown;
  variables: Map<string, StoredVariable>;
  createdBy: Author;
  createdOn: string;
  modifiedBy: Author;
  modifiedOn: string;
}

/** A time as the services give it: steps of 1/300 s, trailing zeros cut (recorded 2025). */
export function serviceTime(nowMs: number, digits = 7): string {
  const steps = Math.floor((nowMs * 300) / 1000);
  const seconds = Math.floor(steps / 300);
  const fraction = ((steps % 300) / 300).toFixed(digits).slice(2).replace(/0+$/, '');
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  return `${whole}${fraction === '' ? '' : `.${fraction}`}Z`;
}

/** A variable of a body; false and missing flags are the same. */
export interface SentVariable {
  value?: string | null;
  isSecret?: boolean | null;
  isReadOnly?: boolean | null;
}

interface Kept {
  value: string | null;
  isSecret: boolean;
}

/**
 * The value that a write leaves: a secret keeps its value when none or an empty one is sent, and a secret that becomes
 * plain without a value is emptied without a word (seen live by two public projects, August 2026).
 */
export function valueAfter(sent: SentVariable, stored: Kept | undefined): string | null {
  const value = sent.value ?? null;
  if (sent.isSecret !== true || (value ?? '') !== '') return value;
  return stored?.isSecret === true ? stored.value : null;
}

export function mergedVariable(sent: SentVariable, stored: StoredVariable | undefined): StoredVariable {
  return {
    value: valueAfter(sent, stored),
    isSecret: sent.isSecret === true,
    isReadOnly: sent.isReadOnly === true,
    extra: stored?.extra ?? {},
  };
}

/** A variable as an answer shows it: secrets never have a value, false flags are left out. */
export function shownVariable(variable: StoredVariable): Record<string, unknown> {
  return {
    ...variable.extra,
    value: variable.isSecret ? null : variable.value,
    ...(variable.isSecret ? { isSecret: true } : {}),
    ...(variable.isReadOnly ? { isReadOnly: true } : {}),
  };
}
