import { Refused } from './answers.js';
import type { Place } from './identities.js';
import { encoded } from './references-2024.js';

/** A text of JavaScript may hold far more; but nobody has to wait for that. */
const mostCharacters = 2 ** 24;
/** Longer chains of references are not followed. */
const deepest = 10;
/** Since 2026 a name may hold blanks, though not at its ends (its end-to-end tests for references say so). */
const references = { newest: /\$\{[\w.@-]+(?: +[\w.@-]+)*\}/g, older: /\$\{[\w.-]+\}/g };

export interface Target {
  value: string;
  place: Place;
  tags: readonly string[];
}

export interface World {
  /** A secret of the same project; undefined where there is none. */
  find(place: Place, key: string): Target | undefined;
  /** A secret of a project that shares the folder; undefined where there is none. */
  findAcross(slug: string, place: Place, key: string): Target | undefined;
  mayRead(place: Place, tags: readonly string[]): boolean;
  missing: 'empty' | 'literal';
  /** Whether what is missing in a place stays as it is, whatever else becomes of missing references. */
  stays?(place: Place): boolean;
  /** The newest knows more references, and goes over a value again in which targets have formed new ones. */
  dialect: keyof typeof references;
}

/** Thrown for a reference to what the caller may not read. */
export class DeniedReference extends Error {}

export interface Expandable {
  key: string;
  value: string;
  place: Place;
  skipMultilineEncoding: boolean;
}

/**
 * A value of today's servers (secret-reference-fns.ts@032da036): every reference is replaced wherever it stands in the
 * whole value, and targets are expanded in turn, ten levels deep. @throws DeniedReference
 */
export function expanded(secret: Expandable, world: World): string {
  const inValue = (value: string): string[] => value.match(references[world.dialect]) ?? [];
  if (inValue(secret.value).length === 0) return secret.value;
  let value = secret.value;
  const known = new Set<string>();
  for (let pass = 0; pass <= (world.dialect === 'newest' ? deepest : 0); pass += 1) {
    for (const literal of inValue(value)) known.add(literal);
    value = onePass(value, { secret, world, inValue, known });
    if (inValue(value).every((literal) => known.has(literal))) break;
  }
  return secret.skipMultilineEncoding ? encoded(value) : value;
}

interface Pass {
  secret: Expandable;
  world: World;
  inValue: (value: string) => string[];
  /** What is left of these has had its chance. */
  known: Set<string>;
}

interface Frame {
  value: string;
  place: Place;
  depth: number;
  visited: ReadonlySet<string>;
}

function onePass(start: string, { secret, world, inValue, known }: Pass): string {
  let value = start;
  const idOf = ({ environment, path }: Place, key: string): string => `${environment}:${path}:${key}`;
  const frames: Frame[] = [
    { value: start, place: secret.place, depth: 0, visited: new Set([idOf(secret.place, secret.key)]) },
  ];
  for (let frame = frames.pop(); frame !== undefined; frame = frames.pop()) {
    for (const literal of inValue(frame.value)) {
      known.add(literal);
      if (frame.depth > deepest) continue;
      const { place, key, isAcross, target } = lookUp(literal, frame.place, secret, world);
      // References that multiply end as on the server: in a fault of its own.
      if (value.length > mostCharacters)
        throw new Refused(500, { error: 'InternalServerError', message: 'Something went wrong' });
      const isTakenOut = world.missing === 'empty' && !isAcross && world.stays?.(place) !== true;
      if (target !== undefined || isTakenOut) value = value.replaceAll(literal, () => target?.value ?? '');
      if (target === undefined || isAcross || frame.visited.has(idOf(place, key))) continue;
      frames.push({
        value: target.value,
        place: target.place,
        depth: frame.depth + 1,
        visited: new Set([...frame.visited, idOf(place, key)]),
      });
    }
  }
  return value;
}

interface LookedUp {
  place: Place;
  key: string;
  isAcross: boolean;
  target: Target | undefined;
}

function lookUp(literal: string, from: Place, secret: Expandable, world: World): LookedUp {
  const parts = literal.slice(2, -1).split('.');
  const key = parts.at(-1) ?? '';
  const placeOf = ([environment = '', ...folders]: string[]): Place => ({
    environment,
    path: `/${folders.join('/')}`,
  });
  if (parts.length > 1 && parts[0]?.startsWith('@') === true) {
    const place = placeOf(parts.slice(1, -1));
    return { place, key, isAcross: true, target: world.findAcross(parts[0].slice(1), place, key) };
  }
  const place = parts.length === 1 ? from : placeOf(parts.slice(0, -1));
  const target = world.find(place, key);
  if (!world.mayRead(target?.place ?? place, target?.tags ?? [])) {
    throw new DeniedReference(
      `You do not have permission to read secret '${key}' in environment '${place.environment}' at path '${place.path}', which is referenced by secret '${secret.key}' in environment '${secret.place.environment}' at path '${secret.place.path}'.`,
    );
  }
  return { place, key, isAcross: false, target };
}
