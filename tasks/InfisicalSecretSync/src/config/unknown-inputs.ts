import { quoted, quotedList } from '../domain/text.js';
import { inputNames } from './inputs.js';

/** What is to be said about inputs that this task does not have. */
export interface UnknownInputs {
  problems: string[];
  notices: string[];
}

/**
 * A name that is close to an input of this task is taken for that input, misspelled: `acton: plan` must never become a
 * sync. Any other name is only told, because steps of older versions may still carry it.
 * @param names as the agent hands them over: in upper case, with `_` for blanks and dots
 */
export function judgeUnknownInputs(names: readonly string[]): UnknownInputs {
  const known = new Set(inputNames.map((name) => name.toLowerCase()));
  const unknown = [...new Set(names.map((name) => name.toLowerCase()))]
    .filter((name) => !known.has(name))
    .sort()
    .map((name) => ({ name, meant: closestInput(name) }));
  const strange = unknown.filter(({ meant }) => meant === undefined).map(({ name }) => name);
  return {
    problems: unknown.flatMap(({ name, meant }) =>
      meant === undefined
        ? []
        : [
            `Unknown input ${quoted(name)} (environment variable ${quoted(`INPUT_${name.toUpperCase()}`)}). Did you mean ${quoted(meant)}?`,
          ],
    ),
    notices: strange.length === 0 ? [] : [`Unknown inputs are ignored: ${quotedList(strange)}.`],
  };
}

/** The input that a misspelled name stands for. Marks between words don't count. */
function closestInput(name: string): string | undefined {
  const letters = name.replace(/[_\s-]/g, '');
  for (let slips = 0; slips <= 3; slips += 1) {
    const found = inputNames.find(
      (input) => slips <= mostSlips(input) && isWithin(slips, letters, input.toLowerCase()),
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Few in a short name, which few slips turn into any other. */
function mostSlips({ length }: string): number {
  if (length < 6) return 1;
  return length < 12 ? 2 : 3;
}

/** Whether so few slips lead from one text to the other: a letter missing, added or wrong, or two letters swapped. */
function isWithin(slips: number, one: string, other: string): boolean {
  let same = 0;
  while (same < one.length && one[same] === other[same]) same += 1;
  const [a, b] = [one.slice(same), other.slice(same)];
  if (a === b) return true;
  if (slips === 0 || Math.abs(a.length - b.length) > slips) return false;
  const isSwapped = a.length > 1 && a[0] === b[1] && a[1] === b[0];
  const slip = [[1, 1], [1, 0], [0, 1], ...(isSwapped ? [[2, 2]] : [])] as const;
  return slip.some(([left, right]) => isWithin(slips - 1, a.slice(left), b.slice(right)));
}
