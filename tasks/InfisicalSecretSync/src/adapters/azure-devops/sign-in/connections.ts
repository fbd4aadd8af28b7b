import { ConfigError } from '../../../domain/errors.js';
import { SecretValue } from '../../../domain/secret-value.js';
import { quoted } from '../../../domain/text.js';
import { parameterOf, type ServiceConnection } from '../../agent/service-connection.js';
import { addressOf } from '../../http/address.js';
import { tokenProblem } from '../../http/bearer.js';
import { readFederation, type Federation } from '../../entra/federation.js';
import type { AzureDevOpsIdentity } from './identity.js';

/** What a connection of the type "Azure DevOps" (`workloadidentityuser`) says; it holds no secret. */
export interface EntraConnection extends Federation {
  collectionUrl: string;
}

/** @throws ConfigError that names everything that is wrong with the connection */
export function parseEntraConnection(connection: ServiceConnection): EntraConnection {
  const { federation, problems } = readFederation(connection, 'azureDevOpsConnection');
  const all = [...problems, ...addressProblems(connection.url)];
  if (all.length > 0) throw mended('azureDevOpsConnection', all);
  return { ...federation, collectionUrl: connection.url };
}

/**
 * The identity of a connection of the type "Azure Repos/Team Foundation Server" (`externaltfs`): a personal access
 * token, or a user name with a password or such a token.
 * @throws ConfigError that names everything that is wrong with it
 */
export function tokenIdentity(
  connection: ServiceConnection,
): AzureDevOpsIdentity & { secrets: SecretValue[] } {
  const isToken = /^token$/i.test(connection.scheme);
  const user = isToken ? '' : parameterOf(connection, 'username');
  const secret = parameterOf(connection, isToken ? 'apitoken' : 'password');
  const problems = [
    ...(isToken || /^usernamepassword$/i.test(connection.scheme)
      ? []
      : [`its scheme ${quoted(connection.scheme)} is not one of token and user name with password.`]),
    ...(secret === '' ? ['its personal access token is empty.'] : []),
    ...(isToken && secret !== '' ? patProblems(secret) : []),
    ...addressProblems(connection.url),
  ];
  if (problems.length > 0) throw mended('azureDevOpsTokenConnection', problems);
  const basic = new SecretValue(Buffer.from(`${user}:${secret}`).toString('base64'));
  return {
    collectionUrl: connection.url,
    title: 'the owner of the personal access token in azureDevOpsTokenConnection',
    whenRefused:
      'Azure DevOps did not accept the personal access token of azureDevOpsTokenConnection: it has expired, was revoked, belongs to another organization, or lacks a scope. Make a new one with the scopes Variable Groups (read, create and manage), Build (read and execute) and Project and Team (read), and put it into the service connection.',
    toSeeProject:
      'That person must be a member of the project, and the token must be made for this organization.',
    secrets: [new SecretValue(secret), basic],
    authorization: () => Promise.resolve(new SecretValue(`Basic ${basic.reveal()}`)),
  };
}

function patProblems(text: string): string[] {
  const problem = tokenProblem(new SecretValue(text));
  return problem === undefined ? [] : [`its personal access token is a text that ${problem}. Copy it again.`];
}

function addressProblems(text: string): string[] {
  const url = addressOf(text);
  if (url === undefined) return ['its URL is not an address.'];
  if (url.username !== '' || url.password !== '')
    return ['its URL holds a user name or password. Take them out.'];
  if (/[?#]/.test(url.href)) return ['its URL holds more than an address, behind "?" or "#". Take that out.'];
  if (url.pathname === '/' && !url.hostname.endsWith('.visualstudio.com')) {
    return [
      `its URL ${quoted(url.origin)} names no organization or collection. It looks like https://dev.azure.com/example or https://server/tfs/DefaultCollection.`,
    ];
  }
  return [];
}

function mended(input: string, problems: readonly string[]): ConfigError {
  return new ConfigError(problems.map((problem) => `${input}: ${problem}`));
}
