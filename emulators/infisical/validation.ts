import { Refused } from './answers.js';

/** Zod's issues, which Infisical sends as the message of a validation error. */
type Issue = Record<string, unknown>;

/** Required and optional texts of a body; every issue at once. */
export function textsOf<Required extends string, Optional extends string = never>(
  body: unknown,
  required: readonly Required[],
  optional: readonly Optional[] = [],
): Record<Required, string> & Partial<Record<Optional, string>> {
  if (typeof body !== 'object' || body === null) throw invalid([wrongType('object', kindOf(body), [])]);
  const record = body as Record<string, unknown>;
  const issues = [
    ...required.flatMap((name) => textIssues(record[name], name)),
    ...optional.flatMap((name) => (record[name] === undefined ? [] : textIssues(record[name], name))),
  ];
  if (issues.length > 0) throw invalid(issues);
  return record as Record<Required, string> & Partial<Record<Optional, string>>;
}

/** Query parameters: texts that come once, flags that are exactly `true` or `false`. */
export class Query {
  readonly #query: URLSearchParams;
  readonly #issues: Issue[] = [];

  constructor(query: URLSearchParams) {
    this.#query = query;
  }

  text(name: string): string | undefined {
    const given = this.#query.getAll(name);
    if (given.length > 1) this.#issues.push(wrongType('string', 'array', [name]));
    return given[0];
  }

  required(name: string): string {
    const text = this.text(name);
    if (text === undefined) this.#issues.push(...textIssues(undefined, name));
    return text ?? '';
  }

  flag(name: string, byDefault: boolean): boolean {
    const received = this.text(name);
    if (received === undefined) return byDefault;
    if (received !== 'true' && received !== 'false') {
      this.#issues.push({
        received,
        code: 'invalid_enum_value',
        options: ['true', 'false'],
        path: [name],
        message: `Invalid enum value. Expected 'true' | 'false', received '${received}'`,
      });
    }
    return received === 'true';
  }

  /** @throws Refused when something that was read is not as it has to be */
  check(): void {
    if (this.#issues.length > 0) throw invalid(this.#issues);
  }
}

function textIssues(value: unknown, name: string): Issue[] {
  return typeof value === 'string' ? [] : [wrongType('string', kindOf(value), [name])];
}

function wrongType(expected: string, received: string, path: string[]): Issue {
  const message = received === 'undefined' ? 'Required' : `Expected ${expected}, received ${received}`;
  return { code: 'invalid_type', expected, received, path, message };
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

export function invalid(issues: readonly Issue[]): Refused {
  return new Refused(422, { error: 'ValidationFailure', message: issues });
}
