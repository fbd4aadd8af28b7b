import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJwt, decodeProtectedHeader, type JWTPayload } from 'jose';
import { differences } from '../../replay/compare.js';
import { readExchanges, recordingNames, recordingsFolder, type Exchange } from '../../replay/recordings.js';
import { send, type Answered } from '../../replay/send.js';
import { Tally } from '../../replay/tally.js';
import { RecordedWorld } from './recorded-world.js';
import { Stage } from './recorded-stage.js';
import { scenarios } from './recorded-scenarios.js';

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

const folder = recordingsFolder('infisical-2024');
if (folder !== undefined) {
  describe('recorded exchanges with Infisical of July 2024', () => {
    const world = new RecordedWorld(folder);
    const tally = new Tally('infisical-2024', {});
    after(() => {
      tally.close();
    });

    for (const name of recordingNames(folder)) {
      for (const exchange of readExchanges(folder, name)) {
        if (tally.leavesOut(exchange.name)) continue;
        it(exchange.name, async () => {
          const { found, inPart } = await replayed(exchange, world);
          tally.note(exchange.name, found, inPart);
        });
      }
    }

    it('token-auth-decoded', async () => {
      // Not an exchange: the recording holds a decoded token.
      const recorded: unknown = JSON.parse(readFileSync(join(folder, 'token-auth-decoded.json'), 'utf8'));
      const stage = await Stage.set(world, 'legacy-2024');
      try {
        tally.note('token-auth-decoded', tokenDifferences(recorded, await stage.token('tokenAuth')));
      } finally {
        await stage.strike();
      }
    });
  });
}

async function replayed(exchange: Exchange, world: RecordedWorld): Promise<Compared> {
  const { who = 'reader', prepare, except = [] } = scenarios[exchange.name] ?? {};
  const stage = await Stage.set(
    world,
    exchange.name.startsWith('standalone-') ? 'docker-2024' : 'legacy-2024',
  );
  try {
    const prepared = await prepare?.(stage, exchange);
    const token = prepared?.token ?? (await stage.token(who));
    const jwt = prepared?.jwt ?? (await stage.issuer.sign());
    const whole = (text: string): string => text.replace('<jwt-redacted>', token).replace('<oidc-jwt>', jwt);
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
    return compared(exchange, answered, except);
  } finally {
    await stage.strike();
  }
}

function bodyToSend({ requestBody }: Exchange, whole: (text: string) => string): unknown {
  if (requestBody === null || requestBody === undefined) return undefined;
  return whole(typeof requestBody === 'string' ? requestBody : JSON.stringify(requestBody));
}

interface Compared {
  found: string[];
  inPart?: string;
}

function compared(exchange: Exchange, answered: Answered, except: readonly string[]): Compared {
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
    ...tagDifferences(exchange, answered, unequal.length > 0),
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
  const isHash = wanted.length === `"${createHash('sha1').digest('base64')}"`.length;
  const form = isHash ? /^"[\w+/]{27}="$/ : /^"[0-9a-z]{12}"$/;
  return form.test(String(got)) ? [] : [`etag: recorded ${wanted}, answered ${String(got)}`];
}

interface DecodedToken {
  header: Record<string, unknown>;
  payload: JWTPayload & Record<string, unknown>;
  length?: number;
}

/** Random parts aside, the same header, the same names in the same order, the same life, the same length. */
function tokenDifferences(recorded: unknown, token: string): string[] {
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
