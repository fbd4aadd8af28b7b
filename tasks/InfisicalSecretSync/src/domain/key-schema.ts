import { sameName } from './text.js';

const placeholder = '{{secretKey}}';

/** How a secret's key becomes a variable's name, and which variables are the sync's. */
export interface KeySchema {
  nameFor(key: string): string;
  /** Whether a variable may be ours. Without a schema every variable of the destination is. */
  matches(name: string): boolean;
  /** False when `{{secretKey}}` stands alone: then the whole destination is the sync's. */
  readonly narrows: boolean;
}

/** A key schema as typed, before it is known for which environment. */
export interface KeySchemaPattern {
  readonly narrows: boolean;
  in(environment: string): KeySchema;
}

const everything: KeySchema = { nameFor: (key) => key, matches: () => true, narrows: false };

/** What is wrong with a key schema as typed, or nothing. An empty one means none. */
export function keySchemaProblem(text: string): string | undefined {
  if (text === '') return undefined;
  if (text.split(placeholder).length !== 2) return `must hold ${placeholder} exactly once`;
  const rest = text.replace(placeholder, '').replaceAll('{{environment}}', '');
  if (!/^[A-Za-z0-9_.-]*$/.test(rest)) {
    return 'may hold only letters, digits, "_", "-", "." and {{environment}} beside {{secretKey}}';
  }
  return undefined;
}

/**
 * Reads a valid key schema. Substitution is plain: Infisical's own renders with Handlebars, which turns `A&B` into
 * `A&amp;B`; we don't. A variable that consists of prefix and suffix alone is nobody's secret, so it does not match.
 */
export function parseKeySchema(text: string): KeySchemaPattern {
  if (text === '' || text === placeholder) return { narrows: false, in: () => everything };
  return { narrows: true, in: (environment) => affixed(text, environment) };
}

function affixed(text: string, environment: string): KeySchema {
  const [prefix = '', suffix = ''] = text
    .split(placeholder)
    .map((part) => part.replaceAll('{{environment}}', () => environment));
  return {
    narrows: true,
    nameFor: (key) => `${prefix}${key}${suffix}`,
    matches: (name) =>
      name.length > prefix.length + suffix.length &&
      sameName(name).startsWith(sameName(prefix)) &&
      sameName(name).endsWith(sameName(suffix)),
  };
}
