import type { Change } from './plan.js';
import { sameName, sortedByName } from './text.js';

/**
 * What a run did, when it had to plan more than once: a create of an earlier round shows up as a rewrite in the next,
 * and a deletion not at all. The first round that touched a variable says what happened to it.
 */
export function carryOver(earlier: readonly Change[], later: readonly Change[]): Change[] {
  const before = new Map(earlier.map((change) => [sameName(change.name), change]));
  const now = new Set(later.map(({ name }) => sameName(name)));
  const merged = later.map((change) => {
    const first = before.get(sameName(change.name));
    return first !== undefined && isWeaker(change, first) ? first : change;
  });
  const gone = earlier.filter(({ kind, name }) => kind === 'delete' && !now.has(sameName(name)));
  return sortedByName([...merged, ...gone], ({ name }) => name);
}

function isWeaker(change: Change, first: Change): boolean {
  const sameVariable = change.kind === 'rewrite' || change.because === 'same';
  return sameVariable && (first.kind === 'create' || first.kind === 'update' || first.kind === 'rewrite');
}
