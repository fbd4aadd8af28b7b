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

/** A list of objects with these fields; they stay as they came, whatever else is in them. */
export function rowsOf<T extends object>(rules: Rules<T>): z.ZodMiniType<T[]> {
  const check = checkOfEach(rules);
  return z.custom<T[]>(Array.isArray).check(({ value, issues }) => {
    check(value.entries(), issues);
  });
}

/** An object whose values all have these fields; they stay as they came, too. */
export function recordOf<T extends object>(rules: Rules<T>): z.ZodMiniType<Record<string, T>> {
  const check = checkOfEach(rules);
  return z.custom<Record<string, T>>(isObject).check(({ value, issues }) => {
    check(Object.entries(value), issues);
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

type Issues = {
  push: (issue: { code: 'custom'; path: PropertyKey[]; input: unknown }) => unknown;
  length: number;
};

/** Says of rows what is wrong with them, until so many things are that nobody reads of more. */
function checkOfEach<T extends object>(
  rules: Rules<T>,
): (rows: Iterable<[PropertyKey, unknown]>, issues: Issues) => void {
  const fields = Object.entries<Rule>(rules);
  const check = (row: Record<string, unknown>, at: PropertyKey, issues: Issues): void => {
    for (const [field, rule] of fields)
      if (!rule(row[field])) issues.push({ code: 'custom', path: [at, field], input: row });
  };
  return (rows, issues) => {
    for (const [at, row] of rows) {
      if (issues.length >= mostIssues) return;
      if (isObject(row)) check(row, at, issues);
      else issues.push({ code: 'custom', path: [at], input: row });
    }
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** For a list in a row. */
export const each =
  (rules: Readonly<Record<string, Rule>>): Rule =>
  (value) =>
    Array.isArray(value) &&
    value.every((one) => isObject(one) && Object.entries(rules).every(([field, rule]) => rule(one[field])));
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
