import assert from 'node:assert/strict';
import type { Logged } from '../../emulators/loopback/loopback-server.js';
import type { World } from '../support/world.js';
import type { Ran } from './in-process.js';

/** Ten rounds of a write with a list, a read and twenty read-backs each; a loop without a bound would pass it. */
const mostRequests = 300;
const mostWaitMs = 600_000;
const mostWrites = 10;
const later = [429, 502, 503, 504];

/** Holds what a run asked of the services against promise 5. */
export function isPolite(ran: Ran, { ado, infisical }: World): void {
  const count = ado.requests.length + infisical.requests.length + ran.misdirected.length;
  assert.ok(count <= mostRequests, `5: ${String(count)} requests`);
  const waited = ran.waits.reduce((sum, ms) => sum + ms, 0);
  assert.ok(waited <= mostWaitMs, `5: waited ${String(waited)} ms`);
  signsInCarefully(infisical.requests.filter(({ path }) => path.endsWith('/login')));
  looksBeforeWritingAgain(ado.requests);
  for (const requests of [ado.requests, infisical.requests]) obeysRetryAfter(requests, ran);
}

/** Wrong secrets are counted: only an answer that says "later" lets a login be tried more than twice. */
function signsInCarefully(logins: readonly Logged[]): void {
  const counted = logins.filter(({ status }) => !later.includes(Number(status)));
  const refused = counted.filter(({ status }) => typeof status === 'number');
  assert.ok(refused.length <= 1, `5: ${String(refused.length)} logins that were answered`);
  assert.ok(counted.length <= 2, `5: ${String(counted.length)} logins`);
  assert.ok(logins.length <= 5, `5: ${String(logins.length)} logins`);
}

/** Between two writes of a destination there is a read of it. */
function looksBeforeWritingAgain(requests: readonly Logged[]): void {
  const calls = requests
    .filter(({ path }) => /variablegroups|build\/definitions/.test(path) && !path.includes('permissions'))
    .map(({ method }) => (method === 'GET' ? 'r' : 'w'))
    .join('');
  assert.doesNotMatch(calls, /ww/, '5: written again without looking');
  const writes = calls.replaceAll('r', '').length;
  assert.ok(writes <= mostWrites, `5: ${String(writes)} writes`);
}

/** A list with values and one without go out in the same moment. */
function isSameQuery(a: Logged, b: Logged): boolean {
  return a.query.toString() === b.query.toString();
}

/** Every answer that asked for 7 s and was followed by the same request cost a wait of that length. */
function obeysRetryAfter(requests: readonly Logged[], ran: Ran): void {
  const isAsking = ({ planned }: Logged): boolean => planned?.['Retry-After'] === '7';
  const again = requests.filter(
    (request, index) =>
      isAsking(request) &&
      requests
        .slice(index + 1)
        .some(
          (next) =>
            next.method === request.method && next.path === request.path && isSameQuery(next, request),
        ),
  ).length;
  const long = ran.waits.filter((ms) => ms >= 7_000).length;
  assert.ok(long >= again, `5: asked ${String(again)} times for 7 s, waited ${String(long)} times`);
  assert.ok(
    ran.waits.every((ms) => ms <= 120_000),
    '5: waited more than two minutes at once',
  );
}
