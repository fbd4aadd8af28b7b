import { decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose';
import { differences } from '../../replay/compare.js';
import type { Exchange } from '../../replay/recordings.js';
import { send, type Answered } from '../../replay/send.js';
import type { Scenario } from './recorded-scenarios.js';
import { Stage, type RecordedServer } from './recorded-stage.js';

/**
 * What matters to a client of the headers. Left out: Date, connection handling, and what helmet adds to every answer
 * and the recordings leave out too.
 */
const headers = [
  'access-control-allow-methods',
  'access-control-allow-origin',
  'content-type',
  'location',
  'retry-after',
  'strict-transport-security',
  'vary',
  'www-authenticate',
  'x-powered-by',
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
];

/** Sends a recorded request to a server that stands as the recorded one did, and says how the answer differs. */
export async function replayed(
  exchange: Exchange,
  server: RecordedServer,
  scenario: Scenario = {},
): Promise<Compared> {
  const stage = await Stage.set(server);
  try {
    const prepared = await scenario.prepare?.(stage, exchange);
    const token = prepared?.token ?? (await stage.token(scenario.who ?? 'reader'));
    const jwt = prepared?.jwt ?? (await stage.issuer.sign());
    const isOutside = /\/(?:oidc|azure|jwt)-auth\//.test(exchange.target);
    const whole = (text: string): string =>
      text.replace('<jwt-redacted>', isOutside ? jwt : token).replace('<oidc-jwt>', jwt);
    const answered = await send(stage.emulator.url, {
      method: exchange.method,
      target: exchange.target,
      headers: Object.fromEntries(
        Object.entries({ ...exchange.requestHeaders, ...prepared?.headers }).map(([name, value]) => [
          name,
          whole(value),
        ]),
      ),
      body: bodyToSend(exchange, whole),
    });
    return compared(exchange, withoutRequestId(answered), scenario);
  } finally {
    await stage.strike();
  }
}

/** Recordings of 2026 hold one and the same ID in place of each request's own. */
function withoutRequestId(answered: Answered): Answered {
  const { reqId } = (answered.body ?? {}) as { reqId?: string };
  if (reqId === undefined || !/^req-[A-Za-z0-9]{14}$/.test(reqId)) return answered;
  return { ...answered, body: { ...(answered.body as object), reqId: 'req-00000000000000' } };
}

function bodyToSend({ requestBody, requestHeaders }: Exchange, whole: (text: string) => string): unknown {
  if (requestBody === null || requestBody === undefined) return undefined;
  if (typeof requestBody === 'string') return whole(requestBody);
  const isForm = requestHeaders['content-type'] === 'application/x-www-form-urlencoded';
  return whole(
    isForm
      ? new URLSearchParams(requestBody as Record<string, string>).toString()
      : JSON.stringify(requestBody),
  );
}

export interface Compared {
  found: string[];
  inPart?: string;
}

function compared(exchange: Exchange, answered: Answered, scenario: Scenario): Compared {
  const { except = [], isRedacted = false } = scenario;
  const isPage = answered.headers['content-type']?.startsWith('text/html') === true;
  const token = (answered.body as { accessToken?: string } | null)?.accessToken;
  const unequal = [...except, ...(token === undefined ? [] : ['accessToken']), ...(isPage ? [''] : [])];
  const reasons = [
    ...(except.length === 0 ? [] : ['IDs and times that the server makes up when it writes']),
    ...(token === undefined
      ? []
      : ['a token is another one every time: its header, claims, life and length']),
    ...(isPage ? ['the page is a stand-in: its headers'] : []),
  ];
  const found = [
    ...differences(exchange, answered, { headers, except: unequal, keyOrder: true }),
    ...tagDifferences(exchange, answered, unequal.length > 0 || isRedacted),
    ...(token === undefined ? [] : tokenDifferences(exchange.raw['responseTokenDecoded'], token)),
  ];
  return { found, ...(reasons.length === 0 ? {} : { inPart: reasons.join('; ') }) };
}

/** The tag is a hash of the body: equal tags are equal bytes. Where a body is not compared whole, the form is. */
function tagDifferences(exchange: Exchange, answered: Answered, isFormOnly: boolean): string[] {
  const wanted = exchange.responseHeaders['etag'];
  const got = answered.headers.etag;
  if (typeof wanted !== 'string') return got === undefined ? [] : ['etag: only answered'];
  if (!isFormOnly) {
    const length = exchange.responseHeaders['content-length'];
    const same = length === answered.headers['content-length'];
    return [
      ...(wanted === got ? [] : [`etag: recorded ${wanted}, answered ${String(got)}`]),
      ...(same ? [] : [`content-length: recorded ${String(length)}`]),
    ];
  }
  const forms = [/^"[\w+/]{27}="$/, /^"[\w-]{43}"$/, /^"[0-9a-z]{12}"$/];
  const form = forms.find((candidate) => candidate.test(wanted)) ?? /^$/;
  return form.test(String(got)) ? [] : [`etag: recorded ${wanted}, answered ${String(got)}`];
}

interface DecodedToken {
  header: Record<string, unknown>;
  payload: JWTPayload & Record<string, unknown>;
  length?: number;
}

/** Random parts aside, the same header, the same names in the same order, the same life, the same length. */
export function tokenDifferences(recorded: unknown, token: string): string[] {
  if (recorded === undefined) return [];
  const { header, payload, length } = recorded as DecodedToken;
  const got = decodeJwt<Record<string, unknown>>(token);
  const facts = (from: DecodedToken['payload']): unknown => ({
    names: Object.keys(from),
    identityId: from['identityId'],
    clientSecretId: from['clientSecretId'],
    authTokenType: from['authTokenType'],
    seconds: (from.exp ?? 0) - (from.iat ?? 0),
  });
  const [wanted, answered] = [
    { header, facts: facts(payload), length },
    {
      header: decodeProtectedHeader(token),
      facts: facts(got),
      length: length === undefined ? undefined : token.length,
    },
  ].map((value) => JSON.stringify(value));
  return wanted === answered ? [] : [`token: recorded ${String(wanted)}, answered ${String(answered)}`];
}
