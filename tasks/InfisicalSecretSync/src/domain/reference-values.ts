import { Expansion, type Dialect, type Referring, type Why } from './expansion.js';
import { grammars, type Place } from './reference.js';
import { SecretValue } from './secret-value.js';
import type { StoredPlaces } from './stored-places.js';

export interface ResolvedRow extends Referring {
  /** What the server made of the text; undefined where it gave no answer. */
  resolved: SecretValue | undefined;
  /** For an imported secret: the folder that was listed. */
  listed?: Place;
}

export type Verdict =
  | { kind: 'value'; value: SecretValue }
  /** What these folders store decides. */
  | { kind: 'asks'; places: Place[] }
  | { kind: 'faults'; faults: { literal: string; why: Why | 'across' | 'left' | 'differs' }[] };

export function hasReference(value: SecretValue): boolean {
  return value.partsLike(grammars.blanks).length > 0;
}

/**
 * What a secret's references come to. A value counts only when it follows from the stored texts by the rules of some
 * server, every reference found, and is what this server answered: so it holds no hole, whatever put it together.
 */
export function judged(row: ResolvedRow, places: StoredPlaces): Verdict {
  const asks: Place[] = [];
  let last: Expansion | undefined;
  for (const dialect of dialectsFor(row)) {
    const expansion = new Expansion(row, places, dialect);
    asks.push(...expansion.asks);
    if (expansion.asks.length > 0 || expansion.faults.length > 0) {
      last ??= expansion;
      continue;
    }
    const value = row.resolved === undefined ? undefined : agreed(expansion, row.resolved, dialect);
    if (value !== undefined) return { kind: 'value', value };
    last = expansion;
  }
  if (asks.length > 0) return { kind: 'asks', places: asks };
  return { kind: 'faults', faults: faultsOf(row, last) };
}

/** Those that need the fewest folders first. */
function dialectsFor({ stored, listed }: ResolvedRow): Dialect[] {
  const hasBlanks = stored.partsLike(grammars.blanks).some((literal) => literal.includes(' '));
  const befores = listed === undefined ? [undefined] : [undefined, listed];
  return (hasBlanks ? (['no blanks', 'blanks'] as const) : (['no blanks'] as const)).flatMap((grammar) =>
    befores.flatMap((before) => [
      { grammar, before, imports: false, from: 'found' as const },
      { grammar, before, imports: true, from: 'found' as const },
      { grammar, before, imports: true, from: 'referred' as const },
    ]),
  );
}

/** The value where the server's answer is it, in one of the forms in which servers give it. */
function agreed(
  { value, across, empties }: Expansion,
  resolved: SecretValue,
  { grammar }: Dialect,
): SecretValue | undefined {
  if (across.size > 0) return filled(value, resolved, [...across]);
  // Servers of 2024 leave a reference to an empty secret.
  const withoutEmpties = resolved.withParts(
    grammars[grammar],
    (literal) => new SecretValue(empties.has(literal) ? '' : literal),
  );
  const isSame = [resolved, withoutEmpties].some((one) => one.equals(value) || one.equals(inOneLine(value)));
  return isSame ? value : undefined;
}

/** With one reference to another project, whatever stands in its place; nothing could be an empty secret or none. */
function filled(value: SecretValue, resolved: SecretValue, across: string[]): SecretValue | undefined {
  const [literal = ''] = across;
  const gap = across.length === 1 ? value.gapIn(resolved, literal) : undefined;
  return gap === undefined || gap.isEmpty || hasReference(gap) ? undefined : resolved;
}

/** How servers hand over several lines of a secret that is flagged so, and holds a reference. */
function inOneLine(value: SecretValue): SecretValue {
  const quote = new SecretValue('"');
  if (!value.matches(/\n/)) return value;
  return value.withParts(/\n/g, () => new SecretValue('\\n')).withParts(/^|$/g, () => quote);
}

type Faults = Extract<Verdict, { kind: 'faults' }>['faults'];

function faultsOf({ stored, resolved }: ResolvedRow, expansion: Expansion | undefined): Faults {
  if (expansion !== undefined && expansion.faults.length > 0) return expansion.faults;
  const literals = [...new Set(stored.partsLike(grammars.blanks))];
  if (resolved === undefined) return literals.map((literal) => ({ literal, why: 'unreadable' }));
  if (expansion !== undefined && expansion.across.size > 0)
    return [...expansion.across].map((literal) => ({ literal, why: 'across' }));
  const left = literals.filter((literal) => resolved.partsLike(grammars.blanks).includes(literal));
  return left.length > 0
    ? left.map((literal) => ({ literal, why: 'left' }))
    : literals.map((literal) => ({ literal, why: 'differs' }));
}
