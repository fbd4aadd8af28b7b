import { randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

/** A running job of a pipeline: what its token says of it. */
export interface Job {
  projectId: string;
  hub: 'build' | 'rm' | 'checks';
  planId: string;
  jobId: string;
  pipeline: { id: number; name: string };
  runId: number;
  repository: { id: string; name: string; version: string; ref: string };
}

export interface ServiceConnection {
  id: string;
  projectId: string;
  name: string;
  /** Whose name stands in the token: Azure DevOps, or since 2025 Microsoft Entra. */
  issuer: 'azure-devops' | 'entra';
  applicationId: string;
}

export interface TokenPlace {
  organization: string;
  organizationId: string;
  project: string;
  /** Addresses of the two issuers. */
  issuer: string;
  entraIssuer: string;
  tenant: string;
  organizationUrl: string;
}

/** Signs with a key that is made when it is first needed. */
export class TokenIssuer {
  #key: Promise<{ privateKey: CryptoKey; jwk: JWK }> | undefined;

  async sign(claims: Record<string, unknown>): Promise<string> {
    const { privateKey, jwk } = await this.#keyPair();
    return new SignJWT(claims)
      .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: jwk.kid ?? '', x5t: jwk.kid ?? '' })
      .sign(privateKey);
  }

  async keySet(): Promise<{ keys: JWK[] }> {
    return { keys: [(await this.#keyPair()).jwk] };
  }

  #keyPair(): Promise<{ privateKey: CryptoKey; jwk: JWK }> {
    this.#key ??= makeKey();
    return this.#key;
  }
}

async function makeKey(): Promise<{ privateKey: CryptoKey; jwk: JWK }> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const jwk = await exportJWK(publicKey);
  return { privateKey, jwk: { ...jwk, kid: await calculateJwkThumbprint(jwk), use: 'sig', alg: 'RS256' } };
}

/** What a token for a connection says of itself, as whoever trusts it has to be told. */
export interface Federation {
  issuer: string;
  subject: string;
  audience: string;
}

export function federationOf(of: Job | ServiceConnection, place: TokenPlace): Federation {
  return {
    issuer: 'issuer' in of && of.issuer === 'entra' ? place.entraIssuer : place.issuer,
    subject: subjectOf(of, place),
    audience: 'api://AzureADTokenExchange',
  };
}

/** Valid for ten minutes, and for ten minutes before (a decoded token, sigstore/fulcio#1803). */
export function claimsOf(
  { job, connection, nowMs }: { job: Job; connection: ServiceConnection | undefined; nowMs: number },
  place: TokenPlace,
): Record<string, unknown> {
  const now = Math.floor(nowMs / 1000);
  const { repository } = job;
  const url = `${place.organizationUrl}${place.project}/_git/${repository.name}`;
  const { issuer, subject, audience } = federationOf(connection ?? job, place);
  return {
    jti: randomUUID(),
    sub: subject,
    aud: audience,
    org_id: place.organizationId,
    prj_id: job.projectId,
    def_id: String(job.pipeline.id),
    rpo_id: repository.id,
    rpo_uri: url,
    rpo_ver: repository.version,
    rpo_ref: repository.ref,
    run_id: String(job.runId),
    iss: issuer,
    nbf: now - 600,
    exp: now + 600,
    iat: now,
  };
}

function subjectOf(of: Job | ServiceConnection, place: TokenPlace): string {
  const { organization, organizationId, project, tenant } = place;
  if ('pipeline' in of) return `p://${organization}/${project}/${of.pipeline.name}`;
  if (of.issuer === 'azure-devops') return `sc://${organization}/${project}/${of.name}`;
  const application = base64OfGuid(of.applicationId);
  return `/eid1/c/pub/t/${base64OfGuid(tenant)}/a/${application}/sc/${organizationId}/${of.id}`;
}

/** A GUID as .NET writes its bytes: the first three parts turned round. */
function base64OfGuid(guid: string): string {
  const bytes = Buffer.from(guid.replaceAll('-', ''), 'hex');
  bytes.subarray(0, 4).reverse();
  bytes.subarray(4, 6).reverse();
  bytes.subarray(6, 8).reverse();
  return bytes.toString('base64url');
}
