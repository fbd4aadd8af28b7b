import { grammars, isSamePlace, parseReference, placeText, type Grammar, type Place } from './reference.js';
import type { Reference } from './reference.js';
import { SecretValue } from './secret-value.js';
import type { Found, StoredPlaces } from './stored-places.js';

/** How a server resolves references: which it is no answer tells, so each is tried (docs/adr/0014). */
export interface Dialect {
  grammar: Grammar;
  /** Whether a name that a folder itself does not have is looked for in what it imports. */
  imports: boolean;
  /** Whether names in what was found so are looked for where it was found, or where it was referred to. */
  from: 'found' | 'referred';
  /** For an imported secret: the folder that was listed, if its names come before those of the import. */
  before: Place | undefined;
}

export type Why = 'missing' | 'unreadable' | 'circular' | 'too deep';

export interface Fault {
  literal: string;
  why: Why;
}

/** A secret with its stored text, and the folder from which the names in it are looked for. */
export interface Referring {
  key: string;
  place: Place;
  stored: SecretValue;
}

interface Target {
  value: SecretValue;
  place: Place;
}

const empty = new SecretValue('');
/** Servers follow ten levels; beyond that no answer can agree. */
const deepest = 20;
const mostPasses = 10;
/** Longer texts can't be variables anyway, and references may multiply them without end. */
const longest = 1_000_000;

/** What the references of one stored text come to. */
export class Expansion {
  readonly faults: Fault[] = [];
  /** Folders that have to be asked for before anything can be said. */
  readonly asks: Place[] = [];
  /** References to other projects, which nobody here can look into. */
  readonly across = new Set<string>();
  /** References to secrets that are truly empty. */
  readonly empties = new Set<string>();
  readonly value: SecretValue;
  readonly #source: Place;
  readonly #places: StoredPlaces;
  readonly #dialect: Dialect;
  readonly #open = new Set<string>();
  readonly #done = new Map<string, SecretValue>();

  constructor({ key, place, stored }: Referring, places: StoredPlaces, dialect: Dialect) {
    this.#source = place;
    this.#places = places;
    this.#dialect = dialect;
    this.#open.add(`${placeText(place)}:${key}`);
    let value = this.#expanded(stored, place);
    // What targets are put together to may be a new reference, as in ${dev.${KIND}.KEY}.
    for (let pass = 0; pass < mostPasses && this.#hasNew(value); pass += 1)
      value = this.#expanded(value, place);
    this.value = value;
  }

  #hasNew(value: SecretValue): boolean {
    if (this.faults.length > 0 || this.asks.length > 0) return false;
    return value.partsLike(this.#pattern).some((literal) => !this.across.has(literal));
  }

  get #pattern(): RegExp {
    return grammars[this.#dialect.grammar];
  }

  #expanded(text: SecretValue, place: Place): SecretValue {
    const value = text.withParts(this.#pattern, (literal) => this.#target(parseReference(literal), place));
    return value.length > longest ? this.#faulty('too deep', '${…}') : value;
  }

  #target(reference: Reference, from: Place): SecretValue {
    const { literal, key, isAcross } = reference;
    if (isAcross) {
      this.across.add(literal);
      return new SecretValue(literal);
    }
    const place = reference.place ?? from;
    const found = reference.place === undefined ? this.#findName(place, key) : this.#find(place, key);
    if (found === undefined) return empty;
    if (typeof found === 'string') return this.#faulty(found, literal);
    if (found.value.isEmpty) this.empties.add(literal);
    return this.#followed(found, { literal, key, referred: place });
  }

  #followed(
    { value, place: where }: Target,
    { literal, key, referred }: { literal: string; key: string; referred: Place },
  ): SecretValue {
    const place = this.#dialect.from === 'found' ? where : referred;
    const id = `${placeText(place)}:${key}`;
    const done = this.#done.get(id);
    if (done !== undefined) return done;
    if (this.#open.has(id)) return this.#faulty('circular', literal);
    if (this.#open.size > deepest) return this.#faulty('too deep', literal);
    this.#open.add(id);
    const expanded = this.#expanded(value, place);
    this.#open.delete(id);
    this.#done.set(id, expanded);
    return expanded;
  }

  #faulty(why: Why, literal: string): SecretValue {
    if (!this.faults.some((fault) => fault.literal === literal && fault.why === why))
      this.faults.push({ literal, why });
    return empty;
  }

  /** A name alone. Undefined where somebody has to be asked first. */
  #findName(place: Place, key: string): Target | 'missing' | 'unreadable' | undefined {
    const { before } = this.#dialect;
    if (before !== undefined && isSamePlace(place, this.#source)) {
      const first = this.#own(before, key);
      if (first instanceof SecretValue) return { value: first, place: before };
      if (first !== 'missing') return first;
    }
    return this.#find(place, key);
  }

  #find(place: Place, key: string): Target | 'missing' | 'unreadable' | undefined {
    const own = this.#own(place, key);
    if (own instanceof SecretValue) return { value: own, place };
    return own === 'missing' && this.#dialect.imports ? this.#findImported(place, key, new Set()) : own;
  }

  #own(place: Place, key: string): Found | undefined {
    const found = this.#places.own(place, key);
    if (found === undefined) this.asks.push(place);
    return found;
  }

  /** Of several imports the last one wins, and what one imports itself comes after its own. */
  #findImported(
    place: Place,
    key: string,
    seen: ReadonlySet<string>,
  ): Target | 'missing' | 'unreadable' | undefined {
    if (seen.has(placeText(place))) return 'missing';
    const imports = this.#places.imports(place);
    if (imports === undefined) {
      this.asks.push(place);
      return undefined;
    }
    for (const source of imports.toReversed()) {
      const own = this.#own(source, key);
      if (own instanceof SecretValue) return { value: own, place: source };
      if (own !== 'missing') return own;
      const deeper = this.#findImported(source, key, new Set([...seen, placeText(place)]));
      if (deeper !== 'missing') return deeper;
    }
    return 'missing';
  }
}
