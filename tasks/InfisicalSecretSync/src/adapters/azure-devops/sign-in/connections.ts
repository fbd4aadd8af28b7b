import { ConfigError } from '../../../domain/errors.js';
import { SecretValue } from '../../../domain/secret-value.js';
import { quoted } from '../../../domain/text.js';
import { parameterOf, type ServiceConnection } from '../../agent/service-connection.js';
import { addressOf, decoded, excessIn } from '../../http/address.js';
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
      : [
          `its scheme ${quoted(connection.scheme)} is not supported. Choose a service connection with a personal access token, or with a user name and a password.`,
        ]),
    ...(secret === '' ? ['its personal access token is empty. Enter one.'] : []),
    ...(isToken && secret !== '' ? patProblems(secret) : []),
    ...addressProblems(connection.url),
  ];
  if (problems.length > 0) throw mended('azureDevOpsTokenConnection', problems);
  const basic = new SecretValue(Buffer.from(`${user}:${secret}`).toString('base64'));
  return {
    collectionUrl: connection.url,
    title: 'the owner of the personal access token in azureDevOpsTokenConnection',
    whenRefused:
      'it did not accept the personal access token of azureDevOpsTokenConnection. The token has expired, was revoked, belongs to another organization, or lacks a scope. Create a new one with the scopes Variable Groups (read, create and manage), Build (read and execute) and Project and Team (read), and enter it in the service connection.',
    toSeeProject: 'Make that person a member of the project, and use a token of this organization.',
    whenNotFound: whenNotFound('azureDevOpsTokenConnection'),
    secrets: [new SecretValue(secret), basic],
    authorization: () => Promise.resolve(new SecretValue(`Basic ${basic.reveal()}`)),
  };
}

function patProblems(text: string): string[] {
  const problem = tokenProblem(new SecretValue(text));
  return problem === undefined ? [] : [`its personal access token ${problem}. Copy it again.`];
}

function addressProblems(text: string): string[] {
  const url = addressOf(text);
  if (url === undefined)
    return ['its URL is not an address. Enter one such as https://dev.azure.com/example.'];
  const excess = excessIn(url);
  if (excess !== undefined) return [`its URL ${excess}`];
  if (url.pathname === '/' && !url.hostname.endsWith('.visualstudio.com')) {
    return [
      `its URL ${quoted(url.origin)} names no organization or collection. Enter a URL such as https://dev.azure.com/example or https://server/tfs/DefaultCollection.`,
    ];
  }
  const more = projectIn(url);
  if (more !== undefined) {
    return [
      `its URL names the project ${quoted(more.project)} after the organization. Use ${quoted(more.organization)} as the URL, and enter the project in azureDevOpsProject.`,
    ];
  }
  return [];
}

/** Only organizations in the cloud have addresses of a known length. No project can be called "DefaultCollection". */
function projectIn({
  hostname,
  origin,
  pathname,
}: URL): { organization: string; project: string } | undefined {
  const parts = pathname.split('/').filter((part) => part !== '');
  const isOld = hostname.endsWith('.visualstudio.com');
  if (!isOld && hostname !== 'dev.azure.com') return undefined;
  const own = isOld ? [] : parts.slice(0, 1);
  const project = parts.slice(own.length).find((part) => !/^defaultcollection$/i.test(part));
  return project === undefined
    ? undefined
    : { organization: [origin, ...own].join('/'), project: decoded(project) };
}

/** Azure DevOps says no more than "not found" of an organization that it does not have. */
export function whenNotFound(input: string): string {
  return `Check the URL of the service connection in ${input}. It must end with the organization, as in https://dev.azure.com/example, or with the collection, as in https://server/tfs/DefaultCollection. The project belongs in azureDevOpsProject.`;
}

function mended(input: string, problems: readonly string[]): ConfigError {
  return new ConfigError(problems.map((problem) => `${input}: ${problem}`));
}
