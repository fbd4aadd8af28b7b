import { listed } from './errors.js';
import type { Change } from './plan.js';
import { isEdit } from './record/record.js';
import { capitalized, counted, quoted, quotedList } from './text.js';

export interface Verdict {
  /** Why the check fails; undefined when it does not. */
  failure?: string;
  /** What could not be known. */
  warnings: string[];
}

/** What a check makes of a plan: whether the destination is as Infisical says, and what nobody can tell. */
export function verdictOn(changes: readonly Change[], destination: string): Verdict {
  const edited = changes.find(({ because }) => isEdit(because));
  const differences = [
    ...(edited === undefined ? [] : [editedBy(edited.because)]),
    ...changes
      .filter(({ kind }) => kind === 'create' || kind === 'update' || kind === 'delete')
      .map(({ kind, name, because }) => `${kind} ${quoted(name)}: ${because}`),
  ];
  const unknown = changes.filter(({ kind, because }) => kind === 'rewrite' && !isEdit(because));
  const warnings = [...new Set(unknown.map(({ because }) => because))].map((reason) => {
    const names = unknown.filter(({ because }) => because === reason).map(({ name }) => name);
    const verb = names.length === 1 ? 'is' : 'are';
    return `It can’t be known whether ${counted(names.length, 'secret')} in ${destination} (${quotedList(names)}) ${verb} as in Infisical: ${reason}.`;
  });
  if (differences.length === 0) return { warnings };
  const heading = `${capitalized(destination)} is not as Infisical says. A sync puts it right. What is different:`;
  return { failure: listed(heading, differences), warnings };
}

function editedBy(because: string): string {
  const what = 'somebody has changed it since the last sync';
  return because === 'edited since the last sync' ? what : `${what}: ${because}`;
}
