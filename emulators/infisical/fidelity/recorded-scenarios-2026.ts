import { issuerOf2026 } from './recorded-identities-2026.js';
import type { Prepare, Scenario } from './recorded-scenarios.js';
import { anotherKey, type Stage } from './recorded-stage.js';
import { dev, RecordedWorld2026 } from './recorded-world-2026.js';

const list =
  '/api/v4/secrets?projectId=00000000-0000-4000-8000-000000000003&environment=dev&secretPath=%2Fapp';
const login = '/api/v1/auth/universal-auth/login';

/** A token of an identity, used or waited with before the recorded request. */
const worn =
  (who: string, wear: (stage: Stage, token: string) => unknown): Prepare =>
  async (stage) => {
    const token = await stage.token(who);
    await wear(stage, token);
    return { token };
  };

const used = (times: number): Prepare =>
  worn('usesLimit', async (stage, token) => {
    for (let count = 0; count < times; count += 1) await stage.prepare('GET', list, { token });
  });

const waited = (who: string): Prepare =>
  worn(who, (stage) => {
    stage.later(3);
  });

const revoke = (stage: Stage, token: string): Promise<unknown> =>
  stage.prepare('POST', '/api/v1/auth/token/revoke', { body: { accessToken: token } });

/** Logins with the client ID of the recorded one. */
const tried =
  (times: number, clientSecret: string): Prepare =>
  async (stage, { requestBody }) => {
    const { clientId } = requestBody as { clientId: string };
    for (let count = 0; count < times; count += 1)
      await stage.prepare('POST', login, { body: { clientId, clientSecret } });
    return undefined;
  };

const right = '<client-secret-redacted>';

const outside =
  (claims: Record<string, unknown>, kid?: string): Prepare =>
  async (stage) => ({ jwt: await stage.issuer.sign(claims, kid === undefined ? {} : { kid }) });

const before =
  (path: string): Prepare =>
  (stage) => {
    RecordedWorld2026.before(stage.emulator, path);
    return undefined;
  };

/** The token that a login gives. */
const loggedIn =
  (clientId: string): Prepare =>
  async (stage) => {
    const { body } = await stage.prepare('POST', login, { body: { clientId, clientSecret: right } });
    return { token: (body as { accessToken: string }).accessToken };
  };

/** The tag that the list has here, in place of the recorded one. */
const tagged =
  (who: string): Prepare =>
  async (stage, { target, requestHeaders }) => {
    const token = await stage.token(who);
    const { headers } = await stage.prepare('GET', target, { token });
    const sent = requestHeaders['if-none-match'] ?? '';
    const tag = sent.replace(/T-i1lnN1pda_7QQBB3aFOS-yxqjt-foUoVpffxX--OA/, headers.etag?.slice(1, -1) ?? '');
    return { token, headers: { 'if-none-match': tag } };
  };

const datesOfFolders = ['folders[].updatedAt', 'folders[].lastSecretModified'];

/** The secret VER as it was after some writes; each write of it is one version. */
const version = (
  value: string,
  count: number,
  options: { comment?: string; metadata?: { key: string; value: string }[]; tags?: string[] } = {},
): Scenario => ({
  prepare: (stage) => {
    const ids = {
      VER: '00000000-0000-4000-8000-000000000167',
      VER_REF: '00000000-0000-4000-8000-000000000168',
    };
    stage.emulator.setSecret(dev('/ws-dir'), 'VER', value, { ...options, id: ids.VER, version: count });
    stage.emulator.setSecret(dev('/ws-dir'), 'VER_REF', 'ref=${VER}', { id: ids.VER_REF, version: 1 });
    return undefined;
  },
  except: ['secrets[].createdAt', 'secrets[].updatedAt'],
});
const metadata = [{ key: 'a', value: 'b' }];
const commented = version('two', 4, { comment: 'c' });
const withTag = version('two', 6, { comment: 'c', metadata, tags: ['runtime'] });
const started = version('one', 1);

/** What a scenario of 2026 needs beyond a fresh server and the token of the identity that it names. */
export const scenariosOf2026: Record<string, Scenario> = {
  'api-status': {
    prepare: (stage, { responseBody }) => {
      stage.at((responseBody as { date: string }).date);
      return undefined;
    },
  },
  'db-down-login': {
    prepare: (stage) => {
      stage.emulator.databaseIsDown = true;
      return undefined;
    },
  },
  'folders-after-a-delete': { except: datesOfFolders },
  'folders-after-list-limited': { prepare: before('/miss'), except: datesOfFolders },
  'folders-six-seconds-after-a-write': { except: datesOfFolders },
  'folders-v1-root': { except: datesOfFolders },
  'folders-v2-no-access': { who: 'noAccess' },
  'folders-v2-no-access-role': {
    who: 'noAccessMember',
    prepare: before('/importer'),
    except: datesOfFolders,
  },
  'get-describe-only': { who: 'describeOnly' },
  'list-alg-none': {
    prepare: async (stage) => {
      const [, payload] = (await stage.token('reader')).split('.');
      const header = Buffer.from('{"alg":"none"}').toString('base64url');
      return { token: `${header}.${String(payload)}.` };
    },
  },
  'list-bad-signature': {
    prepare: async (stage) => {
      const token = await stage.token('reader');
      return { token: `${token.slice(0, -5)}${token.at(-5) === 'A' ? 'B' : 'A'}${token.slice(-4)}` };
    },
  },
  'list-if-none-match': { prepare: tagged('reader') },
  'list-if-none-match-list': { prepare: tagged('reader') },
  'list-if-none-match-other-session': { prepare: tagged('reader') },
  'list-if-none-match-unquoted': { prepare: tagged('reader') },
  'list-if-none-match-weak': { prepare: tagged('reader') },
  'list-jwt-expired': { prepare: waited('shortJwt') },
  'list-old-token-after-renew': {
    prepare: worn('renewable', (stage, token) =>
      stage.prepare('POST', '/api/v1/auth/token/renew', { body: { accessToken: token } }),
    ),
  },
  'list-rate-limited': {
    prepare: worn('reader', async (stage, token) => {
      const headers = { authorization: `Bearer ${token}`, 'x-forwarded-for': '10.66.0.1' };
      for (let count = 0; count < 40; count += 1) await stage.send('GET', list, { headers });
    }),
  },
  'list-revoked-token': { prepare: worn('reader', revoke) },
  'list-root-all-flags': { prepare: before('/miss') },
  'list-token-of-revoked-secret': {
    prepare: worn('toRevoke', (stage) => {
      stage.emulator.revoke(stage.identity('toRevoke'), 'client-secret');
    }),
  },
  'list-token-without-exp': { who: 'withoutEnd' },
  'list-ttl-expired': { prepare: waited('shortTtl') },
  'list-uses-limit-1': { who: 'usesLimit' },
  'list-uses-limit-2': { prepare: used(1) },
  'list-uses-limit-3': { prepare: used(2) },
  'list-uses-limit-4': { prepare: used(3) },
  'login-locked-right-secret': { prepare: tried(3, 'wrong') },
  'login-secret-expired-first': {
    prepare: (stage) => {
      stage.later(2);
      return undefined;
    },
  },
  'login-secret-expired-second': {
    prepare: async (stage, exchange) => {
      stage.later(2);
      return tried(1, right)(stage, exchange);
    },
  },
  'login-secret-revoked': {
    prepare: (stage) => {
      stage.emulator.revoke(stage.identity('toRevoke'), 'client-secret');
      return undefined;
    },
  },
  'login-uses-limit-second': { prepare: tried(1, right) },
  'login-uses-limit-third': { prepare: tried(2, right) },
  'login-wrong-secret-second': { prepare: tried(1, 'wrong') },
  'login-wrong-secret-third': { prepare: tried(2, 'wrong') },
  'oidc-login-array-audience': { prepare: outside({ aud: ['x', 'api://AzureADTokenExchange'] }) },
  'oidc-login-bad-signature': {
    prepare: async (stage) => ({ jwt: await stage.issuer.sign({}, { key: (await anotherKey).privateKey }) }),
  },
  'oidc-login-expired': { prepare: outside({ exp: 1 }) },
  'oidc-login-issuer-down': {
    prepare: (stage) => {
      const { oidcAuth } = stage.identity('oidc');
      if (oidcAuth !== undefined) oidcAuth.discoveryUrl = issuerOf2026;
      return undefined;
    },
  },
  'oidc-login-not-yet': {
    prepare: async (stage) => ({ jwt: await stage.issuer.sign({ nbf: stage.nowSeconds + 500 }) }),
  },
  'oidc-login-unknown-kid': { prepare: outside({}, 'k9') },
  'oidc-login-wrong-audience': { prepare: outside({ aud: 'api://nobody' }) },
  'oidc-login-wrong-claim': { prepare: outside({ rpid: '2222' }) },
  'oidc-login-wrong-issuer': { prepare: outside({ iss: 'http://127.0.0.1:1' }) },
  'oidc-login-wrong-subject': { prepare: outside({ sub: 'sc://emu-org/Other/x' }) },
  'project-by-slug-no-access-role': { who: 'noAccessMember' },
  'project-by-slug-secrets-only': { who: 'secretsOnly' },
  'token-auth-list': { who: 'tokenAuth' },
  'token-renew-jwt-expired': { prepare: waited('shortJwt') },
  'token-renew-ok': { prepare: loggedIn('renewable') },
  'token-renew-ttl-equals-max': { prepare: loggedIn('00000000-0000-4000-8000-000000000008') },
  'token-renew-without-exp': { who: 'withoutEnd' },
  'token-revoke-again': { prepare: worn('reader', revoke) },
  'token-revoke-used-up': { prepare: used(2) },
  'token-revoke-used-up-with-header': { prepare: used(2) },
  'versions-comment-changed': commented,
  'versions-comment-changed-imported': commented,
  'versions-metadata-changed': version('two', 5, { comment: 'c', metadata }),
  'versions-same-value-written': version('two', 3),
  'versions-start': started,
  'versions-start-imported': started,
  'versions-tag-added': withTag,
  'versions-tag-added-imported': withTag,
  'versions-value-changed': version('two', 2),
  'workspace-by-slug-v2': { except: ['kmsSecretManagerKeyId'] },
};
