import { SignJWT, exportJWK, generateKeyPair, type CryptoKey, type JWK, type JWTPayload } from 'jose';
import type { Profile } from '../answers.js';
import { InfisicalEmulator } from '../emulator.js';
import type { MachineIdentity } from '../identities.js';
import { json } from '../answers.js';
import { LoopbackServer } from '../../loopback/loopback-server.js';
import { send, type Answered } from '../../replay/send.js';
import { person, type RecordedWorld } from './recorded-world.js';

/** When most of the recordings were made. */
const recordedAtMs = Date.parse('2026-11-23T03:57:00Z');
const recordedSite = 'http://127.0.0.1:58080';
export const issuerName = 'https://vstoken.dev.azure.example.test/00000000-0000-4000-8000-0000000000aa';

const secretOf = (identity: string): string => `<client-secret-of-${identity}, 64 hex chars>`;

/** One recorded server, filled and with its identities, at the time of the recording. */
export class Stage {
  readonly identities: Record<string, MachineIdentity>;
  readonly emulator: InfisicalEmulator;
  readonly issuer: Issuer;
  readonly #clock: { nowMs: number };

  private constructor(
    parts: Pick<Stage, 'emulator' | 'issuer' | 'identities'> & { clock: { nowMs: number } },
  ) {
    this.emulator = parts.emulator;
    this.issuer = parts.issuer;
    this.identities = parts.identities;
    this.#clock = parts.clock;
  }

  static async set(world: RecordedWorld, profile: Profile): Promise<Stage> {
    const clock = { nowMs: recordedAtMs };
    const now = (): number => clock.nowMs;
    const options = { profile, now, siteUrl: recordedSite, rateLimit: true };
    const emulator = await InfisicalEmulator.start(options);
    world.fill(emulator);
    const issuer = await Issuer.start(now);
    const identities = Object.fromEntries(
      recordedIdentities(issuer.url).map((identity) => [
        identity.name,
        emulator.addMachineIdentity({ ...identity, organization: world.organization }),
      ]),
    );
    return new Stage({ emulator, issuer, identities, clock });
  }

  at(time: string): void {
    this.#clock.nowMs = Date.parse(time);
  }

  later(seconds: number): void {
    this.#clock.nowMs += seconds * 1000;
  }

  get nowSeconds(): number {
    return Math.floor(this.#clock.nowMs / 1000);
  }

  identity(name: string): MachineIdentity {
    const identity = this.identities[name];
    if (identity === undefined) throw new Error(`no identity ${name}`);
    return identity;
  }

  async token(name: string): Promise<string> {
    return (await this.emulator.issueToken(this.identity(name))).text;
  }

  /** From another address, so that the recorded request is still the first one that is counted. */
  prepare(method: string, target: string, parts: { token?: string; body?: unknown } = {}): Promise<Answered> {
    return send(this.emulator.url, {
      method,
      target,
      headers: {
        'content-type': 'application/json',
        'x-forwarded-for': '192.0.2.1',
        ...(parts.token === undefined ? {} : { authorization: `Bearer ${parts.token}` }),
      },
      body: parts.body,
    });
  }

  async strike(): Promise<void> {
    await Promise.all([this.emulator.close(), this.issuer.close()]);
  }
}

function recordedIdentities(issuerUrl: string): MachineIdentity[] {
  const viewer = { 'emu-project': 'viewer' } as const;
  const long = { ttl: 2_592_000, maxTtl: 2_592_000 };
  const universal = (name: string, clientId = name, clientSecretId?: string): MachineIdentity => ({
    name,
    universalAuth: {
      clientId,
      clientSecret: secretOf(name),
      ...(clientSecretId === undefined ? {} : { clientSecretId }),
    },
    tokens: long,
    projects: viewer,
  });
  const reader = universal(
    'reader',
    '6a97548c-ec91-43c0-aa3d-b0c2d945a8c6',
    'c7ded84e-ddf6-42b3-a9a0-ebbc39415b50',
  );
  const noAccess = universal(
    'noAccess',
    'fb249f16-da06-4832-b618-34792a604bbc',
    '5d6c508c-27cd-4980-b1fc-5af89b322296',
  );
  const secretUsesLimit = universal('secretUsesLimit', '78a19296-52a6-43ec-8edb-0c7fca547c58');
  const secretTtl = universal('secretTtl', '9795b2fa-41dc-45db-a09a-25f1aed9735d');
  const appRule = { environment: 'dev', path: '/app/**', actions: ['describeSecret', 'readValue'] as const };
  return [
    { ...reader, id: 'd9f9e2cf-3314-49af-be71-b667fc98f117' },
    { ...noAccess, id: 'ba292ed6-ab7f-477d-bcb8-156743ad8aa1', projects: {} },
    { ...universal('noAccessMember'), projects: { 'emu-project': 'no-access' } },
    { ...universal('shortTtl'), tokens: { ttl: 2, maxTtl: 600 } },
    { ...universal('shortJwt'), tokens: { ttl: 2, maxTtl: 2 } },
    { ...universal('usesLimit'), tokens: { ...long, usesLimit: 2 } },
    { ...secretUsesLimit, universalAuth: { ...universalOf(secretUsesLimit), secretUsesLimit: 1 } },
    { ...secretTtl, universalAuth: { ...universalOf(secretTtl), secretTtl: 1 } },
    { ...universal('writer'), projects: { 'emu-project': 'admin' } },
    {
      ...universal('devAppOnly'),
      projects: { 'emu-project': { rules: [{ ...appRule, actions: [...appRule.actions] }] } },
    },
    { ...universal('renewable'), tokens: { ttl: 60, maxTtl: 3600 } },
    universal('toRevoke'),
    { id: '9d6eeca6-e6f8-4538-bb41-f6b01c09ae58', name: 'tokenAuth', tokens: long, projects: viewer },
    {
      id: 'd4328476-c9c9-46dd-a74f-c74af3f10770',
      name: 'oidc',
      oidcAuth: {
        discoveryUrl: issuerUrl,
        boundIssuer: issuerName,
        boundSubject: 'sc://fake-org/fake-project/fake-connection',
        boundAudiences: 'api://AzureADTokenExchange, api://other',
        boundClaims: { rpid: '1111' },
      },
      tokens: long,
      projects: viewer,
    },
    {
      id: '83d1ce53-1b84-4a35-aae7-336c0b871919',
      name: 'azure',
      azureAuth: { tenantId: 'tenant', resource: 'https://management.azure.com/', jwks: { keys: [] } },
      tokens: long,
      projects: viewer,
    },
    { name: person, isUser: true, projects: { 'emu-project': 'admin', 'other-project': 'admin' } },
  ];
}

function universalOf({ universalAuth }: MachineIdentity): NonNullable<MachineIdentity['universalAuth']> {
  if (universalAuth === undefined) throw new Error('no Universal Auth');
  return universalAuth;
}

/** An OIDC issuer on loopback, which names itself as the recorded one. */
export class Issuer {
  readonly #server: LoopbackServer;
  readonly #key: CryptoKey;
  readonly #now: () => number;

  private constructor(server: LoopbackServer, key: CryptoKey, now: () => number) {
    this.#server = server;
    this.#key = key;
    this.#now = now;
  }

  static async start(now: () => number): Promise<Issuer> {
    const { privateKey, publicKey } = await keyPair;
    const jwk: JWK = { ...(await exportJWK(publicKey)), kid: 'k1' };
    const server = await LoopbackServer.start(({ path }) =>
      path === '/keys' ? json(200, { keys: [jwk] }) : json(200, { jwks_uri: `${server.origin}/keys` }),
    );
    return new Issuer(server, privateKey, now);
  }

  get url(): string {
    return this.#server.origin;
  }

  /** A token that the recorded identity is bound to, but for the claims that are given. */
  sign(
    claims: JWTPayload = {},
    { key, kid = 'k1' }: { key?: CryptoKey; kid?: string | undefined } = {},
  ): Promise<string> {
    const iat = Math.floor(this.#now() / 1000);
    const usual = {
      iss: issuerName,
      aud: 'api://AzureADTokenExchange',
      sub: 'sc://fake-org/fake-project/fake-connection',
      rpid: '1111',
      iat,
      exp: iat + 600,
    };
    return new SignJWT({ ...usual, ...claims })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
      .sign(key ?? this.#key);
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}

/** Made once: making one takes longer than a whole replay. */
const keyPair = generateKeyPair('RS256');
export const anotherKey = generateKeyPair('RS256');
