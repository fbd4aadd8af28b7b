import type { JWTPayload } from 'jose';
import { LoopbackServer } from '../../loopback/loopback-server.js';
import type { Exchange } from '../../replay/recordings.js';
import { anotherKey, type Stage } from './recorded-stage.js';

export interface Prepared {
  /** In place of `<jwt-redacted>`. */
  token?: string;
  /** In place of `<oidc-jwt>`. */
  jwt?: string;
  headers?: Record<string, string>;
}

export type Prepare = (
  stage: Stage,
  exchange: Exchange,
) => Prepared | undefined | Promise<Prepared | undefined>;

export interface Scenario {
  /** Whose access token is sent; the reader's unless said otherwise. */
  who?: string;
  /** Brings the server into the state that the scenario tells of. */
  prepare?: Prepare;
  /** Places of the body that the server makes up anew every time. */
  except?: string[];
  /** Whether the recorded body was changed afterwards, so that its tag and length are another body's. */
  isRedacted?: boolean;
}

/** Where a server has just been, so that nobody is there. */
async function closedAddress(): Promise<string> {
  const server = await LoopbackServer.start(() => ({ status: 404 }));
  const { origin } = server;
  await server.close();
  return origin;
}

const list =
  '/api/v3/secrets/raw?workspaceId=ea6e9a42-a852-4889-9d38-1f72e9760005&environment=dev&secretPath=/app';

/** A token of an identity, used or waited with before the recorded request. */
const worn =
  (who: string, wear: (stage: Stage, token: string) => Promise<unknown>): Prepare =>
  async (stage) => {
    const token = await stage.token(who);
    await wear(stage, token);
    return { token };
  };

const waited = (who: string): Prepare =>
  worn(who, async (stage) => {
    stage.later(3);
  });

const use = (stage: Stage, token: string): Promise<unknown> => stage.prepare('GET', list, { token });

/** The outside token as it was recorded, or one with other claims. */
const outside: Prepare = async (stage, { raw }) => {
  const decoded = raw['requestTokenDecoded'] as { payload: JWTPayload } | undefined;
  return { jwt: await stage.issuer.sign(decoded?.payload) };
};

/** The client secret of the recorded request, used before. */
const loggedIn =
  (times: number): Prepare =>
  async (stage, { requestBody }) => {
    for (let count = 0; count < times; count += 1)
      await stage.prepare('POST', '/api/v1/auth/universal-auth/login', { body: requestBody });
    return undefined;
  };

/** The same request, as often as the limit allows. */
const exhausted =
  (times: number, thenSeconds: number): Prepare =>
  async (stage, exchange) => {
    const token = await stage.token('reader');
    const parts = exchange.method === 'POST' ? { body: exchange.requestBody } : { token };
    for (let count = 0; count < times; count += 1)
      await stage.prepare(exchange.method, exchange.target, parts);
    stage.later(thenSeconds);
    return { token, headers: { 'x-forwarded-for': '192.0.2.1' } };
  };

const databaseDown: Prepare = (stage) => {
  stage.emulator.databaseIsDown = true;
  return undefined;
};

const at =
  (field: (body: never) => string): Prepare =>
  (stage, { responseBody }) => {
    stage.at(field(responseBody as never));
    return undefined;
  };

/** What a scenario needs beyond a fresh server and the reader's token. */
export const scenarios: Record<string, Scenario> = {
  'create-nonexistent-path': { who: 'writer' },
  'create-ok': { who: 'writer', except: ['secret.id', 'secret._id'] },
  'db-down-list': { prepare: databaseDown },
  'db-down-login': { prepare: databaseDown },
  'delete-missing': { who: 'writer' },
  'folder-create-odd-name': { who: 'writer' },
  'import-create-nonexistent': {
    who: 'writer',
    prepare: at((body: { secretImport: { createdAt: string } }) => body.secretImport.createdAt),
    except: ['secretImport.id'],
  },
  'list-after-renew': {
    prepare: worn('renewable', async (stage, token) => {
      stage.later(50);
      await stage.prepare('POST', '/api/v1/auth/token/renew', { body: { accessToken: token } });
      stage.later(50);
    }),
  },
  'list-alg-none': {
    prepare: async (stage, { requestHeaders }) => {
      const [, payload] = (await stage.token('reader')).split('.');
      const header = Buffer.from('{"alg":"none"}').toString('base64url');
      return { headers: { ...requestHeaders, authorization: `Bearer ${header}.${String(payload)}.` } };
    },
  },
  'list-bad-signature': {
    prepare: async (stage) => {
      const token = await stage.token('reader');
      return { token: `${token.slice(0, -5)}${token.at(-5) === 'A' ? 'B' : 'A'}${token.slice(-4)}` };
    },
  },
  'list-jwt-expired': { prepare: waited('shortJwt') },
  'list-limited-role-allowed': { who: 'devAppOnly' },
  'list-limited-role-denied-path': { who: 'devAppOnly' },
  'list-limited-role-denied-root': { who: 'devAppOnly' },
  'list-limited-role-glob-parent': { who: 'devAppOnly' },
  'list-limited-role-imports': { who: 'devAppOnly' },
  'list-limited-role-nonexistent-env': { who: 'devAppOnly' },
  'list-limited-role-recursive-root': { who: 'devAppOnly' },
  'list-limited-role-reference-leak': { who: 'devAppOnly' },
  'list-no-access-identity': { who: 'noAccess' },
  'list-no-access-role': { who: 'noAccessMember' },
  'list-rate-limited': { prepare: exhausted(60, 1) },
  'list-reorder-after': {
    prepare: (stage) => {
      const { imports } = stage.emulator.addFolder({
        project: 'emu-project',
        environment: 'dev',
        path: '/reorder',
      });
      for (const entry of imports) entry.position = 3 - entry.position;
      return undefined;
    },
  },
  'list-revoked-token': {
    prepare: worn('reader', (stage, token) =>
      stage.prepare('POST', '/api/v1/auth/token/revoke', { body: { accessToken: token } }),
    ),
  },
  'list-token-of-revoked-secret': {
    prepare: worn('toRevoke', async (stage) => {
      stage.emulator.revoke(stage.identity('toRevoke'), 'client-secret');
    }),
  },
  'list-ttl-expired-first': { prepare: waited('shortTtl') },
  'list-ttl-expired-second': {
    prepare: worn('shortTtl', async (stage, token) => {
      stage.later(3);
      await use(stage, token);
    }),
  },
  'list-uses-limit-1': { who: 'usesLimit' },
  'list-uses-limit-4': {
    prepare: worn('usesLimit', async (stage, token) => {
      for (let count = 0; count < 3; count += 1) await use(stage, token);
    }),
  },
  'login-rate-limited': { prepare: exhausted(200, 0) },
  'login-secret-expired-first': {
    prepare: (stage) => {
      stage.later(2);
      return undefined;
    },
  },
  'login-uses-limit-second': { prepare: loggedIn(1) },
  'login-uses-limit-third': { prepare: loggedIn(2) },
  'oidc-list': { who: 'oidc' },
  'oidc-login-bad-signature': {
    prepare: async (stage) => ({ jwt: await stage.issuer.sign({}, { key: (await anotherKey).privateKey }) }),
  },
  'oidc-login-expired': { prepare: outside },
  'oidc-login-issuer-down': {
    prepare: async (stage) => {
      const { oidcAuth } = stage.identity('oidc');
      if (oidcAuth !== undefined) oidcAuth.discoveryUrl = await closedAddress();
      return undefined;
    },
    // The recorded port may be open on this machine, so it is another one.
    except: ['message'],
    isRedacted: true,
  },
  'oidc-login-ok': { prepare: outside },
  'oidc-login-wrong-audience': { prepare: outside },
  'oidc-login-wrong-claim': { prepare: outside },
  'oidc-login-wrong-subject': { prepare: outside },
  'standalone-status': { prepare: at((body: { date: string }) => body.date) },
  'token-auth-list': { who: 'tokenAuth' },
  'token-renew-jwt-expired': { prepare: waited('shortJwt') },
  // Any moment after the login is too late when TTL and maximum are the same.
  'token-renew-past-max-ttl': { prepare: waited('reader') },
  'token-revoke-again': {
    prepare: worn('reader', (stage, token) =>
      stage.prepare('POST', '/api/v1/auth/token/revoke', { body: { accessToken: token } }),
    ),
  },
  'workspaces-as-user': { who: 'admin' },
};
