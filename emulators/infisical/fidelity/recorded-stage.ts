import { SignJWT, exportJWK, generateKeyPair, type CryptoKey, type JWK, type JWTPayload } from 'jose';
import type { Profile } from '../answers.js';
import { InfisicalEmulator } from '../emulator.js';
import type { MachineIdentity } from '../identities.js';
import type { Options } from '../server.js';
import { json } from '../answers.js';
import { LoopbackServer } from '../../loopback/loopback-server.js';
import { send, type Answered } from '../../replay/send.js';

/** A server as it was recorded. */
export interface RecordedServer {
  organization: string;
  profile: Profile;
  /** When most of the recordings were made. */
  recordedAtMs: number;
  /** What the server believed to be its address. */
  site: string;
  rateLimit: Options['rateLimit'];
  /** Claims of the outside tokens that sign in. */
  claims: JWTPayload;
  identities(issuerUrl: string): MachineIdentity[];
  fill(emulator: InfisicalEmulator): void;
}

export const issuerName = 'https://vstoken.dev.azure.example.test/00000000-0000-4000-8000-0000000000aa';

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

  static async set(server: RecordedServer): Promise<Stage> {
    const clock = { nowMs: server.recordedAtMs };
    const now = (): number => clock.nowMs;
    const { profile, site: siteUrl, rateLimit } = server;
    const emulator = await InfisicalEmulator.start({ profile, now, siteUrl, rateLimit });
    server.fill(emulator);
    const issuer = await Issuer.start(now, server.claims);
    const identities = Object.fromEntries(
      server
        .identities(issuer.url)
        .map((identity) => [
          identity.name,
          emulator.addMachineIdentity({ ...identity, organization: server.organization }),
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

  send(method: string, target: string, parts: { headers: Record<string, string> }): Promise<Answered> {
    return send(this.emulator.url, { method, target, ...parts });
  }

  async strike(): Promise<void> {
    await Promise.all([this.emulator.close(), this.issuer.close()]);
  }
}

export const claimsOf2024: JWTPayload = {
  iss: issuerName,
  aud: 'api://AzureADTokenExchange',
  sub: 'sc://fake-org/fake-project/fake-connection',
  rpid: '1111',
};

/** An OIDC issuer on loopback, which names itself as the recorded one. */
export class Issuer {
  readonly #server: LoopbackServer;
  readonly #key: CryptoKey;
  readonly #now: () => number;
  readonly #claims: JWTPayload;

  private constructor(
    server: LoopbackServer,
    key: CryptoKey,
    usual: { now: () => number; claims: JWTPayload },
  ) {
    this.#server = server;
    this.#key = key;
    this.#now = usual.now;
    this.#claims = usual.claims;
  }

  static async start(now: () => number, claims: JWTPayload = claimsOf2024): Promise<Issuer> {
    const { privateKey, publicKey } = await keyPair;
    const jwk: JWK = { ...(await exportJWK(publicKey)), kid: 'k1' };
    const server = await LoopbackServer.start(({ path }) =>
      path === '/keys' ? json(200, { keys: [jwk] }) : json(200, { jwks_uri: `${server.origin}/keys` }),
    );
    return new Issuer(server, privateKey, { now, claims });
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
    return new SignJWT({ ...this.#claims, iat, exp: iat + 600, ...claims })
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
