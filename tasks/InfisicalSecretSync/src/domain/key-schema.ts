import { everyName, type NamePattern } from './name-pattern.js';

const placeholder = '{{secretKey}}';

/** How a secret's key becomes a variable's name, and which variables may be the sync's. */
export interface KeySchema {
  nameFor(key: string): string;
  /** The names that may be the sync's; whose a variable is, domain/ownership.ts answers. */
  readonly pattern: NamePattern;
  /** False when `{{secretKey}}` stands alone: then the whole destination is the sync's. */
  readonly narrows: boolean;
}

/** A key schema as typed, before it is known for which environment. */
export interface KeySchemaPattern {
  readonly narrows: boolean;
  in(environment: string): KeySchema;
}

const everything: KeySchema = { nameFor: (key) => key, pattern: everyName, narrows: false };

/** What is wrong with a key schema as typed, or nothing. An empty one means none. */
export function keySchemaProblem(text: string): string | undefined {
  if (text === '') return undefined;
  const affixes = text.split(placeholder);
  if (affixes.length !== 2) return `must contain ${placeholder} exactly once`;
  // Each part for itself: what remains when a placeholder is taken out may form another one.
  const parts = affixes.flatMap((affix) => affix.split('{{environment}}'));
  if (!parts.every((part) => /^[A-Za-z0-9_.-]*$/.test(part))) {
    return 'may contain only {{secretKey}}, {{environment}}, letters, digits, "_", "-" and "."';
  }
  return undefined;
}

/**
 * Reads a valid key schema. Substitution is plain: Infisical's own renders with Handlebars, which turns `A&B` into
 * `A&amp;B`; we don't.
 */
export function parseKeySchema(text: string): KeySchemaPattern {
  if (text === '' || text === placeholder) return { narrows: false, in: () => everything };
  return { narrows: true, in: (environment) => affixed(text, environment) };
}

function affixed(text: string, environment: string): KeySchema {
  const [prefix = '', suffix = ''] = text
    .split(placeholder)
    .map((part) => part.replaceAll('{{environment}}', () => environment));
  return { narrows: true, pattern: { prefix, suffix }, nameFor: (key) => `${prefix}${key}${suffix}` };
}
