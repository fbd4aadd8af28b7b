import { DestinationError, SourceError, type SyncError } from '../../domain/errors.js';
import { quoted } from '../../domain/text.js';
import { addressOf } from '../http/address.js';
import { parameterOf, type ServiceConnection } from '../agent/service-connection.js';

/** The inputs that may name a connection of this kind. */
export type FederationInput = 'azureDevOpsConnection' | 'azureConnection';

/**
 * A service connection with workload identity federation, of the type "Azure DevOps" (`workloadidentityuser`) or
 * "Azure Resource Manager" (`azurerm`): whose token Entra gives for a token of the job. It holds no secret.
 */
export interface Federation {
  /** The ID of the service connection. */
  id: string;
  /** The input that names it, for messages. */
  input: FederationInput;
  tenantId: string;
  clientId: string;
  /** Where Entra gives tokens, without a slash at its end. */
  authority: string;
}

/** What goes wrong with one belongs to whom it signs in for. */
export function federationError(
  { input }: Pick<Federation, 'input'>,
  message: string,
  options?: ErrorOptions,
): SyncError {
  return input === 'azureDevOpsConnection'
    ? new DestinationError(message, options)
    : new SourceError(message, options);
}

/** Entra of the public cloud. The built-in tasks use its older name, login.windows.net. */
const publicAuthority = 'https://login.microsoftonline.com';

/** What such a connection says, and everything that is wrong with it. */
export function readFederation(
  connection: ServiceConnection,
  input: FederationInput,
): { federation: Federation; problems: string[] } {
  const { id, scheme } = connection;
  const tenantId = parameterOf(connection, 'tenantid');
  const clientId = parameterOf(connection, 'serviceprincipalid');
  const authority = (connection.data('activeDirectoryAuthority') || publicAuthority).replace(/\/+$/, '');
  const problems = [
    ...(/^workloadidentityfederation$/i.test(scheme)
      ? []
      : [
          `its scheme ${quoted(scheme)} is not workload identity federation. Choose a service connection that uses it.`,
        ]),
    ...tenantProblems(tenantId),
    ...(clientId === ''
      ? ['it names no service principal or managed identity. Enter the client ID of one.']
      : []),
    ...(isPlainAddress(authority)
      ? []
      : ['its authority is not a plain address. Enter one such as https://login.microsoftonline.com.']),
  ];
  return { federation: { id, input, tenantId, clientId, authority }, problems };
}

/** An ID or one of the tenant's domains. */
function tenantProblems(tenantId: string): string[] {
  if (tenantId === '') return ['it names no tenant. Enter the tenant ID.'];
  return /^[0-9a-z](?:[0-9a-z.-]*[0-9a-z])?$/i.test(tenantId)
    ? []
    : [`its tenant ${quoted(tenantId)} is neither an ID nor a domain. Enter the tenant ID.`];
}

function isPlainAddress(text: string): boolean {
  return addressOf(text)?.href.search(/[?#]|\/\/[^/]*@/) === -1;
}
