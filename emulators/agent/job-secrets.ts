import type { Endpoint } from './endpoints.js';
import type { Masker } from './masker.js';
import type { Variable } from './variables.js';

/** Parameters of a service connection that are known not to be secret; all others are masked (MaskingUtil.cs). */
const publicParameters = new Set(
  [
    'role scope tenantid issuedAt expiresAt audience authenticationType authorizationType accessTokenType',
    'accessTokenFetchingMethod useWindowsSecurity unsecured oAuthAccessTokenIsSupplied completeCallbackPayload',
    'acceptUntrustedCerts',
  ]
    .join(' ')
    .toLowerCase()
    .split(' '),
);

/** What the agent masks before anything runs (Worker.cs, InitializeSecretMasker). Lines of a value are not among it. */
export function maskJobSecrets(
  masker: Masker,
  job: { variables: readonly Variable[]; endpoints: readonly Endpoint[] },
): void {
  for (const { value, isSecret } of job.variables) {
    if (!isSecret || value.trim() === '') continue;
    const base64 = Buffer.from(value).toString('base64');
    for (const text of [value, base64]) {
      const lineEndsEscaped = (escaped: string): string =>
        escaped.replaceAll('\r', '%0D').replaceAll('\n', '%0A');
      for (const form of [text, lineEndsEscaped(text.replaceAll('%', '%AZP25')), lineEndsEscaped(text)])
        maskAsWritten(masker, form);
    }
  }
  for (const { parameters } of job.endpoints) {
    for (const [name, value] of Object.entries(parameters))
      if (value !== '' && !publicParameters.has(name.toLowerCase())) masker.add(value);
  }
}

/** A shell takes quotes away, other tools what is around a value. */
function maskAsWritten(masker: Masker, value: string): void {
  masker.add(value);
  for (const quote of ["'", '"']) {
    if (value.startsWith(quote) && value.endsWith(quote)) masker.add(trimmedOf(value, quote));
  }
  masker.add(trimmedOf(value, '\r\n '));
}

function trimmedOf(text: string, characters: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && characters.includes(text.charAt(start))) start += 1;
  while (end > start && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
