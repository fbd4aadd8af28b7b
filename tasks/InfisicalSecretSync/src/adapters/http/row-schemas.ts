import * as z from 'zod/mini';

/**
 * Schemas for rows that come in thousands, secrets and variables: zod copies its own objects, and its records leave out
 * `__proto__`. docs/adr/0013-row-schemas.md has the figures. Its own lists say of every item what is wrong with it,
 * which takes up to 300 times the memory of the answer.
 */

/** More places than this no message names. */
const mostIssues = 5;

type Rule = (value: unknown) => boolean;
export type Rules<T> = Readonly<Record<keyof T & string, Rule>>;

/** An object with these fields; it stays as it came, whatever else is in it. */
export function objectOf<T extends object>(rules: Rules<T>): z.ZodMiniType<T> {
  const problemsOf = problemsBy(rules);
  return z.custom<T>(isObject).check(({ value, issues }) => {
    for (const field of problemsOf(value)) issues.push({ code: 'custom', path: [field], input: value });
  });
}

/** An object whose values all have these fields. */
export function recordOf<T extends object>(rules: Rules<T>): z.ZodMiniType<Record<string, T>> {
  const problemsOf = problemsBy(rules);
  return z.custom<Record<string, T>>(isObject).check(({ value, issues }) => {
    for (const [name, one] of Object.entries(value)) {
      if (issues.length >= mostIssues) break;
      if (!isObject(one)) issues.push({ code: 'custom', path: [name], input: one });
      else
        for (const field of problemsOf(one)) issues.push({ code: 'custom', path: [name, field], input: one });
    }
  });
}

/** A list of such items, looked at until so many things are wrong that nobody reads of more. */
export function listOf<T>(item: z.ZodMiniType<T>): z.ZodMiniType<T[]> {
  return z.pipe(
    z.custom<unknown[]>(Array.isArray),
    z.transform((list, context) => {
      const items: T[] = [];
      for (const [index, one] of list.entries()) {
        const parsed = item.safeParse(one);
        if (parsed.success) items.push(parsed.data);
        else
          for (const { path } of parsed.error.issues)
            context.issues.push({ code: 'custom', path: [index, ...path], input: one });
        if (context.issues.length >= mostIssues) break;
      }
      return items;
    }),
  );
}

function problemsBy<T extends object>(rules: Rules<T>): (value: T) => string[] {
  const each = Object.entries<Rule>(rules);
  const holds = ([field, rule]: [string, Rule], value: T): boolean =>
    rule((value as Record<string, unknown>)[field]);
  return (value) => {
    if (each.every((entry) => holds(entry, value))) return none;
    return each.filter((entry) => !holds(entry, value)).map(([field]) => field);
  };
}

const none: string[] = [];

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const text: Rule = (value) => typeof value === 'string';
export const flag: Rule = (value) => typeof value === 'boolean';
export const optional =
  (rule: Rule): Rule =>
  (value) =>
    value === undefined || rule(value);
export const nullable =
  (rule: Rule): Rule =>
  (value) =>
    value === null || rule(value);
