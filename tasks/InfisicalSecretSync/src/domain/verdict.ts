import { listed } from './errors.js';
import { typeOf, type Change } from './plan.js';
import { isEdit } from './record/record.js';
import { counted, quoted, quotedList } from './text.js';

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
      .map(
        (change) =>
          `${change.kind} ${quoted(change.name)}${typeOf(change) === 'plain' ? ' (plain)' : ''}: ${change.because}`,
      ),
  ];
  const unknown = changes.filter(({ kind, because }) => kind === 'rewrite' && !isEdit(because));
  const warnings = [...new Set(unknown.map(({ because }) => because))].map((reason) => {
    const names = unknown.filter(({ because }) => because === reason).map(({ name }) => name);
    return `${counted(names.length, 'secret')} in ${destination} could not be compared with Infisical (${reason}): ${quotedList(names)}.`;
  });
  if (differences.length === 0) return { warnings };
  const heading = `Check failed for ${destination}. Run a sync to correct these differences:`;
  return { failure: listed(heading, differences), warnings };
}

function editedBy(because: string): string {
  const what = 'the group was edited since the last sync';
  return because === 'group edited since the last sync' ? what : `${what}: ${because}`;
}
