import type { Place } from './identities.js';
import { encoded } from './references-2024.js';

/** Longer chains of references are not followed. */
const deepest = 10;
const reference = /\$\{([\w.@-]+)\}/g;

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
  missingRef: 'empty' | 'literal';
  /** Whether a value that gained new references by its targets is gone over again. */
  rescans: boolean;
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
 * whole value, and targets are expanded in turn, ten levels deep.
 * @throws DeniedReference
 */
export function expanded(secret: Expandable, world: World): string {
  if (secret.value.search(reference) < 0) return secret.value;
  let value = secret.value;
  for (let pass = 0; pass <= (world.rescans ? deepest : 0); pass += 1) {
    const before = referencesIn(value);
    value = onePass(value, secret, world);
    if (referencesIn(value).every((literal) => before.includes(literal))) break;
  }
  return secret.skipMultilineEncoding ? encoded(value) : value;
}

interface Frame {
  value: string;
  place: Place;
  depth: number;
  visited: ReadonlySet<string>;
}

function onePass(start: string, secret: Expandable, world: World): string {
  let value = start;
  const idOf = ({ environment, path }: Place, key: string): string => `${environment}:${path}:${key}`;
  const frames: Frame[] = [
    { value: start, place: secret.place, depth: 0, visited: new Set([idOf(secret.place, secret.key)]) },
  ];
  for (let frame = frames.pop(); frame !== undefined; frame = frames.pop()) {
    if (frame.depth > deepest) continue;
    for (const literal of referencesIn(frame.value)) {
      const { place, key, isAcross, target } = lookUp(literal, frame.place, secret, world);
      if (target !== undefined || world.missingRef === 'empty')
        value = value.replaceAll(literal, () => target?.value ?? '');
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

function referencesIn(value: string): string[] {
  return [...value.matchAll(reference)].map(([literal]) => literal);
}
