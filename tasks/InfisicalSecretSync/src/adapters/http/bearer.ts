import { SecretValue } from '../../domain/secret-value.js';

/** RFC 6750: what may stand behind "Bearer". */
const form = /^[A-Za-z0-9._~+/-]+=*$/;
/** No service has shorter ones, and a shorter text in the agent's list of masks would star out other words. */
const shortest = 16;
/** Servers take no longer header. */
const longest = 16_384;

/** The value of an Authorization header that shows a token. */
export function bearer(token: SecretValue): SecretValue {
  return new SecretValue(`Bearer ${token.reveal()}`);
}

/**
 * Why a text is no token, in the words that follow it or "that"; asked before it is masked. It goes into the agent's list of
 * masks for the rest of the job, so a server whose token is `e` would star out every *e* there.
 */
export function tokenProblem(token: SecretValue): string | undefined {
  if (token.length < shortest)
    return `is too short (${String(token.length)} characters; a token has at least ${String(shortest)})`;
  if (token.length > longest)
    return `is too long (${String(token.length)} characters; a token has at most ${String(longest)})`;
  return token.matches(form)
    ? undefined
    : 'contains a space, a line break or another character that no token has';
}
