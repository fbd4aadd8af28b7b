import { SecretValue } from '../../domain/secret-value.js';

/** The value of an Authorization header that shows a token. */
export function bearer(token: SecretValue): SecretValue {
  return new SecretValue(`Bearer ${token.reveal()}`);
}
