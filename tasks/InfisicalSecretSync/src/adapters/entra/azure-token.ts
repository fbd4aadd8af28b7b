import { SecretValue } from '../../domain/secret-value.js';
import { textClaims } from '../http/jwt-claims.js';

/** A token of Entra for an identity of Azure, and what it says of itself. */
export interface AzureToken {
  jwt: SecretValue;
  issuer: string;
  tenant: string;
  audience: string;
  /** Of the service principal, which is not the client ID of its application. */
  objectId: string;
}

export function azureToken(text: string): AzureToken {
  const claim = textClaims(text);
  return {
    jwt: new SecretValue(text),
    issuer: claim('iss'),
    tenant: claim('tid'),
    audience: claim('aud'),
    objectId: claim('oid'),
  };
}
