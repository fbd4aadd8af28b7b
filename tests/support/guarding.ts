import { isFirstSync, planDestination, type CurrentDestination } from '#task/domain/destination-plan.js';
import { refuseIfUnsafe } from '#task/domain/guard.js';
import type { SyncSettings } from '#task/domain/settings.js';
import { aGroup, secretVariable, settings, wanted } from './builders.js';

const destination = 'variable group "web"';

/** Plans for a source that gives these names, and asks the guard; a name that begins with EMPTY has no value. */
export function guard(
  given: Partial<SyncSettings>,
  current: CurrentDestination,
  names: string[],
  firstSync?: boolean,
): void {
  const chosen = settings(given);
  const variables = names.map((name) =>
    wanted(name, name.startsWith('EMPTY') ? '' : 'x', !name.startsWith('EMPTY')),
  );
  const plan = planDestination(chosen, { variables, names, sourceMayBeIncomplete: false }, current);
  refuseIfUnsafe({
    plan,
    settings: chosen,
    current,
    destination,
    firstSync: firstSync ?? isFirstSync(chosen, current),
  });
}

export const many = (count: number, prefix = 'V'): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${String(i)}`);
export const groupOf = (names: string[], rest: Partial<CurrentDestination> = {}): CurrentDestination =>
  aGroup(names.map(secretVariable), rest);
export const unsafe = (message: RegExp) => ({ name: 'UnsafePlanError', message });
