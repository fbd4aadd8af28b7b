import { sameName } from './text.js';

/** The names that a sync may write: what a key schema puts before and after the secret's key. Compared without case. */
export interface NamePattern {
  readonly prefix: string;
  readonly suffix: string;
}

/** Of a sync without a key schema: every name. */
export const everyName: NamePattern = { prefix: '', suffix: '' };

/** A variable that consists of prefix and suffix alone is nobody's secret, so it does not match. */
export function matchesPattern({ prefix, suffix }: NamePattern, name: string): boolean {
  const folded = sameName(name);
  return (
    name.length > prefix.length + suffix.length &&
    folded.startsWith(sameName(prefix)) &&
    folded.endsWith(sameName(suffix))
  );
}

export function isSamePattern(one: NamePattern, other: NamePattern): boolean {
  return sameName(one.prefix) === sameName(other.prefix) && sameName(one.suffix) === sameName(other.suffix);
}

/** Whether everything that one matches is matched by the other, too, and not the other way round. */
export function isNarrower(one: NamePattern, other: NamePattern): boolean {
  return (
    !isSamePattern(one, other) &&
    sameName(one.prefix).startsWith(sameName(other.prefix)) &&
    sameName(one.suffix).endsWith(sameName(other.suffix))
  );
}

/** `APP_*`: as people read it, and as `parsePattern` reads it back. An environment may put any character into it. */
export function patternText({ prefix, suffix }: NamePattern): string {
  return `${escaped(prefix)}*${escaped(suffix)}`;
}

/** `undefined` for what `patternText` does not write. */
export function parsePattern(text: string): NamePattern | undefined {
  const [, prefix, suffix] = /^((?:[\w.-]|%[0-9a-f]{4})*)\*((?:[\w.-]|%[0-9a-f]{4})*)$/i.exec(text) ?? [];
  return prefix === undefined || suffix === undefined
    ? undefined
    : { prefix: unescaped(prefix), suffix: unescaped(suffix) };
}

function escaped(text: string): string {
  return text.replace(/[^\w.-]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function unescaped(text: string): string {
  return text.replace(/%([0-9a-f]{4})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}
