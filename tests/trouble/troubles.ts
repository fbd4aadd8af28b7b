import type { Fault } from '../../emulators/loopback/http-faults.js';
import { canary } from '../support/world.js';

/** One way in which a request goes wrong. */
export interface Trouble {
  name: string;
  /** What the service does; `after`: it acts on the request first, which makes a difference only for a write. */
  fault?: { fault: Fault; when: 'before' | 'after' };
  /** Where the request goes instead: no service is asked. */
  misdirected?: string;
}

/** What services say may hold a secret that the task knows: nothing of it may be shown. */
const echo = { message: `No: ${canary.database}, ${canary.jobToken}, ${canary.clientSecret}` };
const jsonHeaders = { 'Content-Type': 'application/json' };

const before = (name: string, fault: Fault): Trouble => ({
  name,
  fault: { fault, when: 'before' },
});
const after = (name: string, fault: Fault): Trouble => ({
  name,
  fault: { fault, when: 'after' },
});
/** An answer that hides whether the service has acted. */
const either = (name: string, fault: Fault): Trouble[] => [
  before(name, fault),
  after(`${name}, acted`, fault),
];
const status = (code: number, headers: Record<string, string> = {}, body: unknown = echo): Fault => ({
  kind: 'status',
  status: code,
  headers,
  body,
});

/** @param otherHost where a redirect leads; nothing may ever be asked there */
export function troubles(otherHost: string): Trouble[] {
  return [
    { name: 'connection refused', misdirected: 'http://127.0.0.1:1' },
    // A label of more than 63 characters is no name, which any resolver knows without asking.
    { name: 'name does not resolve', misdirected: `http://${'x'.repeat(64)}.invalid` },
    ...either('reset', { kind: 'reset' }),
    ...either('no answer', { kind: 'hang' }),
    ...[401, 403, 404, 409].map((code) => before(String(code), status(code))),
    before('429', status(429)),
    before('429, later', status(429, { 'Retry-After': '7' })),
    before('429, much later', status(429, { 'Retry-After': '600' })),
    ...either('500', status(500)),
    ...either('503 HTML', { kind: 'html', status: 503 }),
    after('cut short', { kind: 'truncate' }),
    ...either('wrong JSON', status(200, {}, { unexpected: canary.database })),
    ...either('HTML 200', { kind: 'html', status: 200 }),
    ...either('null', status(200, jsonHeaders, 'null')),
    ...either('endless', { kind: 'endless' }),
    ...[302, 307].map((code) =>
      before(`${String(code)} elsewhere`, status(code, { Location: `${otherHost}/signin?reply_to=x` }, '')),
    ),
  ];
}

/** Whether a trouble differs from its twin: a read that the service acted on is one that it did not. */
export function matters(trouble: Trouble, method: string): boolean {
  return method !== 'GET' || !trouble.name.endsWith(', acted');
}
