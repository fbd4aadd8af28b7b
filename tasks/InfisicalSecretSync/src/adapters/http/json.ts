import { isJson } from './body.js';
import type { HttpResponse } from './exchange.js';

/** A long answer is looked at more than once, and parsed only the first time. */
const parsed = new WeakMap<HttpResponse, { value: unknown } | undefined>();

/** A body that says it is JSON, parsed; `undefined` when it is something else, such as a sign-in page. */
export function jsonOf(response: HttpResponse): { value: unknown } | undefined {
  if (!parsed.has(response)) parsed.set(response, parse(response));
  return parsed.get(response);
}

function parse(response: HttpResponse): { value: unknown } | undefined {
  if (!isJson(response.headers)) return undefined;
  try {
    // Azure DevOps puts a byte order mark before some error bodies (recorded from dev.azure.com, 2018).
    return { value: JSON.parse(response.body.replace(/^\uFEFF/, '')) };
  } catch {
    return undefined;
  }
}

/** A text field of an error body; error bodies are classified by it, never shown. */
export function textField(body: unknown, name: string): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const value = (body as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : undefined;
}
