import { isSameMark, isUnfinished, marksIn, type FoundMark, type Mark } from './mark.js';
import { isNarrower, matchesPattern } from './name-pattern.js';
import { sameName } from './text.js';

/**
 * Whose a variable is:
 * - ours: written by this sync, or about to be
 * - unproven: this sync's key schema matches it, and nothing shows that this sync has written it
 * - theirs: another sync's
 * - open: this sync's or another's, and nothing tells which
 * - nobody's: of no concern to this sync
 */
export type Whose = 'ours' | 'unproven' | 'theirs' | 'open' | "nobody's";

export interface Owner {
  whose: Whose;
  /** The marks that speak against this sync, where it is theirs or open. */
  marks: readonly FoundMark[];
}

/** What is known when the question is asked. */
export interface Claims {
  /** The mark of this sync, whether it is there or not: name and key schema. */
  own: Mark;
  /** The names that this source gives. */
  names: readonly string[];
  description: string;
  /** Whether the destination can carry marks; see Traits. */
  carriesMarks: boolean;
}

/**
 * Answers whose a variable is. The narrowest key schema that matches a name has it; a source explains what it gives;
 * what neither tells is not ours.
 *
 *   this source  key schema     marks of other syncs             own mark  whose
 *   gives it     matches        that match it
 *   -----------  -------------  -------------------------------  --------  --------
 *   yes          (it does)      a narrower one                   –         theirs
 *   yes          (it does)      none, or any other               –         ours
 *   no           no             –                                –         nobody's
 *   no           yes            a narrower one                   –         theirs
 *   no           yes            the same or a crossing pattern,  –         open
 *                               or one that does not say
 *   no           yes            none, or only wider ones         there     ours
 *   no           yes            none, or only wider ones         missing   unproven
 *
 * Where no marks can be, none is there. There, without a key schema, what the source does not give is nobody's.
 */
export function ownership({ own, names, description, carriesMarks }: Claims): (name: string) => Owner {
  const given = new Set(names.map(sameName));
  const found = marksIn(description);
  const isMarked = found.some((mark) => isSameMark(mark, own));
  const others = othersOf(found, own);
  const isWhole = own.pattern.prefix + own.pattern.suffix === '';
  return (name) => {
    const isGiven = given.has(sameName(name));
    const mayBeOurs = isGiven || (matchesPattern(own.pattern, name) && (!isWhole || carriesMarks));
    if (!mayBeOurs) return { whose: "nobody's", marks: [] };
    const { narrower, unclear } = sorted(others, own, name);
    if (narrower.length > 0) return { whose: 'theirs', marks: narrower };
    if (isGiven) return { whose: 'ours', marks: [] };
    if (unclear.length > 0) return { whose: 'open', marks: unclear };
    return { whose: isMarked ? 'ours' : 'unproven', marks: [] };
  };
}

/** The marks of other syncs in a description. */
export function otherMarks(description: string, own: Mark): FoundMark[] {
  return othersOf(marksIn(description), own);
}

function othersOf(found: readonly FoundMark[], own: Mark): FoundMark[] {
  return found.filter((mark) => !isSameMark(mark, own) && !isUnfinished(mark, own));
}

/** Of the marks that match a name, those that have it before this sync, and those that may. */
function sorted(
  others: readonly FoundMark[],
  own: Mark,
  name: string,
): { narrower: FoundMark[]; unclear: FoundMark[] } {
  const matching = others.filter(({ pattern }) => pattern === undefined || matchesPattern(pattern, name));
  return {
    narrower: matching.filter(({ pattern }) => pattern !== undefined && isNarrower(pattern, own.pattern)),
    unclear: matching.filter(({ pattern }) => pattern === undefined || !isNarrower(own.pattern, pattern)),
  };
}
