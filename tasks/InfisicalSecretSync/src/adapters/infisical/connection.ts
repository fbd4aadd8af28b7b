import { ConfigError } from '../../domain/errors.js';
import { SecretValue } from '../../domain/secret-value.js';
import { quoted } from '../../domain/text.js';
import { parameterOf, type ServiceConnection } from '../agent/service-connection.js';
import { addressOf, excessIn } from '../http/address.js';
import { tokenProblem } from '../http/bearer.js';
import type { ManagedIdentity } from '../entra/managed-identity.js';
import { parseRequestHeaders, type RequestHeader } from './request-headers.js';

export type InfisicalAuth =
  | { kind: 'universal'; clientId: string; clientSecret: SecretValue }
  | { kind: 'token'; accessToken: SecretValue }
  /** Nothing is stored: the job gets a token for this very connection. */
  | { kind: 'oidc'; identityId: string }
  /** Nothing is stored here either: a token of Entra, for an identity that Azure or another connection has. */
  | { kind: 'azure'; identityId: string; tokenOf: TokenOf; managedIdentity: ManagedIdentity };

const tokenOwners = ['managedIdentity', 'azureConnection', 'azureDevOpsConnection'] as const;

/** Whose token it is: the agent's managed identity, or what a service connection of the step stands for. */
export type TokenOf = (typeof tokenOwners)[number];

export interface InfisicalConnection {
  id: string;
  /** Without a slash at its end and without `/api`; a sub-path stays. */
  baseUrl: string;
  auth: InfisicalAuth;
  /** Of a sub-organization to sign in to; empty for the machine identity's own. Among the connection's data, because
   * the agent masks every parameter of a way of signing in, and a word like `shop` must not star out the log. */
  organizationSlug: string;
  /** What a gateway in front of Infisical asks for. */
  requestHeaders: readonly RequestHeader[];
}

/** @throws ConfigError that names everything that is wrong with the connection. */
export function parseInfisicalConnection(connection: ServiceConnection): InfisicalConnection {
  const baseUrl = baseUrlOf(connection.url);
  const auth = authOf(connection);
  const requestHeaders = parseRequestHeaders(parameterOf(connection, 'requestHeaders'));
  const problems = [baseUrl, auth, requestHeaders].flatMap((part) =>
    'problems' in part ? part.problems : [],
  );
  if ('problems' in baseUrl || 'problems' in auth || 'problems' in requestHeaders) {
    throw new ConfigError(problems.map((problem) => `infisicalConnection: ${problem}`));
  }
  return {
    id: connection.id,
    baseUrl: baseUrl.text,
    auth,
    organizationSlug: connection.data('organizationSlug').trim(),
    requestHeaders: requestHeaders.headers,
  };
}

interface Problems {
  problems: string[];
}

function baseUrlOf(text: string): { text: string } | Problems {
  const url = addressOf(text.trim());
  if (url === undefined) {
    return {
      problems: ['its Infisical URL is not an address. Enter one such as https://app.infisical.com.'],
    };
  }
  const excess = excessIn(url);
  if (excess !== undefined) return { problems: [`its Infisical URL ${excess}`] };
  return { text: `${url.origin}${url.pathname}`.replace(/\/+$/, '').replace(/\/api$/, '') };
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function authOf(connection: ServiceConnection): InfisicalAuth | Problems {
  const { scheme } = connection;
  if (/^usernamepassword$/i.test(scheme)) return universalAuthOf(connection);
  if (/^token$/i.test(scheme)) return tokenAuthOf(connection);
  if (/^none$/i.test(scheme)) return oidcAuthOf(parameterOf(connection, 'identityId'));
  if (/^certificate$/i.test(scheme)) return azureAuthOf(connection);
  return {
    problems: [
      `its scheme ${quoted(scheme)} is not supported. Choose Universal Auth, Token Auth, OIDC Auth or Azure Auth.`,
    ],
  };
}

function tokenAuthOf(connection: ServiceConnection): InfisicalAuth | Problems {
  const accessToken = new SecretValue(parameterOf(connection, 'apitoken'));
  if (accessToken.isEmpty) return { problems: ['its access token is empty. Enter one.'] };
  const problem = tokenProblem(accessToken);
  return problem === undefined
    ? { kind: 'token', accessToken }
    : { problems: [`its access token ${problem}. Copy it again.`] };
}

function universalAuthOf(connection: ServiceConnection): InfisicalAuth | Problems {
  const clientId = parameterOf(connection, 'username');
  const clientSecret = parameterOf(connection, 'password');
  if (clientId !== '' && clientSecret !== '') {
    return { kind: 'universal', clientId, clientSecret: new SecretValue(clientSecret) };
  }
  return {
    problems: [
      ...(clientId === '' ? ['its client ID is empty. Enter it.'] : []),
      ...(clientSecret === '' ? ['its client secret is empty. Enter it.'] : []),
    ],
  };
}

function oidcAuthOf(identityId: string): InfisicalAuth | Problems {
  const problems = identityProblems(identityId);
  return problems.length === 0 ? { kind: 'oidc', identityId } : { problems };
}

/** A server of 2026 answers an ID that is no UUID with a fault of its own, so it is told before anything is sent. */
function identityProblems(identityId: string): string[] {
  if (uuid.test(identityId)) return [];
  return [
    identityId === ''
      ? 'its machine identity ID is empty. Copy it from the identity’s page in Infisical.'
      : 'its machine identity ID is not a UUID, such as 1f0c9a7e-1b2d-4e3f-8a9b-0c1d2e3f4a5b. It is neither the identity’s name nor a client ID. Copy it from the identity’s page in Infisical.',
  ];
}

/** What Infisical checks for unless it was told something else; Entra gives such tokens to every identity. */
const usualAudience = 'https://management.azure.com/';

/**
 * Azure Auth. Its scheme is "Certificate", whose certificate nobody fills in (ADR 22), and whose token it takes stands
 * in `authenticationType`: the agent does not mask a parameter of that name, nor `audience`.
 */
function azureAuthOf(connection: ServiceConnection): InfisicalAuth | Problems {
  const identityId = parameterOf(connection, 'identityId');
  const owner = parameterOf(connection, 'authenticationType');
  const tokenOf = tokenOwners.find((known) => known === (owner || 'managedIdentity'));
  const problems = identityProblems(identityId);
  if (problems.length > 0 || tokenOf === undefined) {
    return {
      problems: [
        ...problems,
        ...(tokenOf === undefined
          ? [`its field "Token of" is ${quoted(owner)}. Choose one of ${tokenOwners.map(quoted).join(', ')}.`]
          : []),
      ],
    };
  }
  const resource = parameterOf(connection, 'audience') || usualAudience;
  const clientId = parameterOf(connection, 'managedIdentityClientId');
  return { kind: 'azure', identityId, tokenOf, managedIdentity: { clientId, resource } };
}
