export interface StoredVariable {
  value: string | null;
  isSecret: boolean;
  isReadOnly: boolean;
  /** Fields that only groups linked to a vault have. */
  extra: Record<string, unknown>;
}

export interface StoredGroup {
  id: number;
  projectId: string;
  type: string;
  name: string;
  description: string | undefined;
  providerData: unknown;
  variables: Map<string, StoredVariable>;
  createdOn: string;
  modifiedOn: string;
  modifiedBy: { id: string; displayName: string };
}

/** A time as the services give it: steps of 1/300 s, up to seven digits, trailing zeros cut (recorded 2025). */
export function serviceTime(nowMs: number): string {
  const steps = Math.floor((nowMs * 300) / 1000);
  const seconds = Math.floor(steps / 300);
  const fraction = ((steps % 300) / 300).toFixed(7).slice(2).replace(/0+$/, '');
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  return `${whole}${fraction === '' ? '' : `.${fraction}`}Z`;
}

/** A variable of a body; false and missing flags are the same. */
export interface SentVariable {
  value?: string | null;
  isSecret?: boolean | null;
  isReadOnly?: boolean | null;
}

/**
 * What a write makes of one variable: a secret keeps its value when none or an empty one is sent, and a secret that
 * becomes plain without a value is emptied without a word (seen live by two public projects, August 2026).
 */
export function mergedVariable(sent: SentVariable, stored: StoredVariable | undefined): StoredVariable {
  const isSecret = sent.isSecret === true;
  const keeps =
    isSecret &&
    stored?.isSecret === true &&
    (sent.value === undefined || sent.value === null || sent.value === '');
  return {
    value: keeps ? stored.value : (sent.value ?? null),
    isSecret,
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
