import type { Answer, Received } from '../loopback/loopback-server.js';
import { badMethod, failure, json } from './answers.js';
import { claimsOf, type TokenPlace } from './oidc-tokens.js';
import type { ApiRequest } from './request.js';
import type { Service } from './service.js';

/** `…/oidctoken`: a token that says which pipeline, or which service connection, this job is. */
export async function serveOidcToken(request: ApiRequest, service: Service): Promise<Answer> {
  const { received, project, params, version } = request;
  if (received.method !== 'POST' || project === undefined) return badMethod;
  const { hubName = '', planId, jobId } = params;
  const job = service.jobs.find(
    (candidate) =>
      candidate.projectId === project.id &&
      candidate.hub === hubName.toLowerCase() &&
      candidate.planId === planId &&
      candidate.jobId === jobId,
  );
  if (job === undefined)
    return failure(404, 'TaskOrchestrationPlanNotFoundException', `Plan ${planId ?? ''} was not found.`);
  const connectionId = received.query.get('serviceConnectionId');
  const connection = service.connections.find(
    ({ id, projectId }) => id === connectionId && projectId === project.id,
  );
  if (connectionId !== null && connection === undefined) {
    return failure(
      404,
      'ServiceEndpointNotFoundException',
      `Service connection ${connectionId} was not found.`,
    );
  }
  const claims = claimsOf({ job, connection, nowMs: service.now() }, placeOf(project.name, service));
  const oidcToken = await service.issuer.sign(claims);
  service.oidcTokens.push(oidcToken);
  return json({ oidcToken }, version.text);
}

export function placeOf(project: string, service: Service): TokenPlace {
  return {
    organization: service.organization,
    organizationId: service.instanceId,
    project,
    issuer: issuerUrl(service),
    entraIssuer: entraIssuerUrl(service),
    tenant: service.tenant,
    organizationUrl: service.organizationUrl,
  };
}

/** What an issuer tells everybody about itself and its keys; undefined for any other path. */
export async function serveIssuer(received: Received, service: Service): Promise<Answer | undefined> {
  const { path, method } = received;
  if (method !== 'GET') return undefined;
  const keysPath = '/.well-known/jwks';
  for (const issuer of [issuerUrl(service), entraIssuerUrl(service)]) {
    const base = new URL(issuer).pathname;
    if (path === `${base}${keysPath}`) return json(await service.issuer.keySet());
    if (path === `${base}/.well-known/openid-configuration`) return json(discovery(issuer, keysPath));
  }
  return undefined;
}

function discovery(issuer: string, keysPath: string): Record<string, unknown> {
  return {
    issuer,
    jwks_uri: `${issuer}${keysPath}`,
    subject_types_supported: ['public', 'pairwise'],
    response_types_supported: ['id_token'],
    claims_supported: ['sub', 'aud', 'exp', 'iat', 'iss', 'nbf', 'jti'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid'],
  };
}

/** `https://vstoken.dev.azure.com/{organization ID}` */
export function issuerUrl(service: Service): string {
  return `${service.origin('vstoken')}/${service.instanceId}`;
}

/** `https://login.microsoftonline.com/{tenant}/v2.0` */
export function entraIssuerUrl(service: Service): string {
  return `${service.origin('login')}/${service.tenant}/v2.0`;
}
