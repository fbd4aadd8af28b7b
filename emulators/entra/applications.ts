import type { Federation } from '../azure-devops/oidc-tokens.js';

/** An application registration, or a managed identity, of a tenant. */
export interface Application {
  /** Its client ID. */
  id: string;
  /** The ID of its service principal, which stands in tokens as `oid`. */
  objectId: string;
  tenant: string;
  /** Whose tokens it takes for a password. */
  federatedCredentials: Federation[];
  /** False: registered, without a service principal in the tenant. */
  hasServicePrincipal: boolean;
  /** Whether its sign-in audience is several tenants. */
  isMultiTenant: boolean;
  /** Whether a Conditional Access policy for workload identities blocks it. */
  isBlockedByPolicy: boolean;
}
