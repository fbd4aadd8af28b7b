import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';

/**
 * Whether a certificate is for a host. From 24.17 on, and with the 24.18.1 that agents ship, Node itself matches no
 * IPv6 address (nodejs/node#64144); those are looked for here among the certificate's addresses.
 */
export function identityProblem(
  host: string,
  certificate: PeerCertificate,
  nodes: typeof checkServerIdentity = checkServerIdentity,
): Error | undefined {
  const problem = nodes(host, certificate);
  if (problem === undefined || isIP(host) !== 6) return problem;
  return addressesIn(certificate.subjectaltname ?? '').includes(canonical(host)) ? undefined : problem;
}

/** Node puts names that could be taken for several into quotation marks; then nothing here is certain. */
function addressesIn(names: string): string[] {
  if (names.includes('"')) return [];
  return names
    .split(', ')
    .flatMap((name) => /^IP Address:(.+)$/.exec(name)?.[1] ?? [])
    .filter((address) => isIP(address) === 6)
    .map(canonical);
}

function canonical(address: string): string {
  return URL.canParse(`http://[${address}]`) ? new URL(`http://[${address}]`).hostname : address;
}
