import { quoted } from '../../domain/text.js';
import type { NetworkError } from './network-error.js';

/** What went wrong, and what to do about it. */
type Cause = readonly [reason: string, advice: string];

const network = 'Check the network and the firewall';
const networkOrProxy = 'Check the network and the firewall, and whether the agent needs a proxy';
const address = 'Check that the address is right';
const addressOrFolder = 'Check that the address is right, or sync a smaller folder';
const scheme: Cause = ['it does not use TLS there', 'Check http:// and https:// in the address'];
const untrusted: Cause = [
  'its certificate comes from an authority that this agent does not trust',
  'Give the agent the certificate of that authority (--sslcacert), or give it to Node (NODE_EXTRA_CA_CERTS)',
];

const causes: Record<string, Cause> = {
  ENOTFOUND: [
    'its name does not resolve',
    'Check the address for a typing error, and check the DNS of the agent',
  ],
  EAI_AGAIN: ['its name could not be resolved just now', 'Check the DNS of the agent'],
  ECONNREFUSED: ['nothing listens there', 'Check the host and the port, and whether the agent needs a proxy'],
  EHOSTUNREACH: ['this agent can’t reach the host', network],
  ENETUNREACH: ['this agent can’t reach the network', network],
  ETIMEDOUT: ['the connection timed out', networkOrProxy],
  TIMEOUT: ['it did not answer within the time limit', networkOrProxy],
  ECONNRESET: [
    'it closed the connection without an answer',
    'Check the network and the firewall, and the agent’s client certificate if the server requires one',
  ],
  CUT_SHORT: ['its answer was cut short', 'Run the step again, and check the network if this happens again'],
  TOO_LARGE: ['its answer is larger than 32 MB', addressOrFolder],
  TOO_DEEP: ['its answer is nested more than 100 levels deep', address],
  TOO_MANY_VALUES: ['its answer has more than 2,000,000 values', addressOrFolder],
  NOT_UTF8: [
    'its answer is not UTF-8, so values would be stored wrongly',
    'Look for a proxy that changes answers on the way',
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: [
    'its certificate is self-signed and not trusted by this agent',
    'Give the agent that certificate (--sslcacert), or give it to Node (NODE_EXTRA_CA_CERTS)',
  ],
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  CERT_HAS_EXPIRED: [
    'its certificate has expired',
    'Renew the certificate, or correct the agent’s clock if that is wrong',
  ],
  CERT_NOT_YET_VALID: ['its certificate is not valid yet', 'Check the agent’s clock'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'its certificate is for another host name',
    'Check the host name in the address',
  ],
  EPROTO: scheme,
  ERR_SSL_WRONG_VERSION_NUMBER: scheme,
};

const proxyCauses: Record<string, Cause> = {
  PROXY_UNREACHABLE: ['can’t be reached', 'Check the proxy of the agent'],
  PROXY_NEEDS_CREDENTIALS: [
    'asks for a user name and a password',
    'Configure the agent with --proxyusername and --proxypassword',
  ],
  PROXY_REFUSED_CREDENTIALS: [
    'does not accept the user name and password that the agent has for it',
    'Correct them in the agent’s configuration',
  ],
  PROXY_REFUSED: [
    'refuses to connect to it',
    'Allow that address in the proxy, or add it to the agent’s bypass list',
  ],
  PROXY_CANNOT_REACH: ['could not reach it', 'Check the address, or add it to the agent’s bypass list'],
};

/** What a server says that wants a client certificate and got none, or one that it does not like. */
const wantsCertificate =
  /ALERT_(?:CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE|CERTIFICATE_UNKNOWN)/;

/** Why no answer came and what to do, as the end of a message without its full stop: `nothing listens there. Check …`. */
export function whyNoAnswer({ code, proxyHost }: NetworkError): string {
  const ofProxy = proxyCauses[code];
  if (ofProxy !== undefined) {
    const [what, advice] = ofProxy;
    return `the proxy ${quoted(proxyHost ?? '')} ${what}. ${advice}`;
  }
  const [reason, advice] = causes[code] ?? causeOfKind(code);
  const way = proxyHost === undefined ? '' : ` (through the proxy ${quoted(proxyHost)})`;
  return `${reason}${way}. ${advice}`;
}

/** What OpenSSL says of files that it can't read, or of a password that does not open them. */
const unusable = /^ERR_OSSL_/;
const unusableCertificate: Cause = [
  'the agent’s client certificate, its key or its password can’t be used',
  'Check what the agent is configured with (--sslclientcert, --sslclientcertkey, --sslclientcertpassword)',
];

const noCertificate: Cause = [
  'it requires a client certificate that it trusts',
  'Configure the agent with --sslclientcert, --sslclientcertkey and --sslclientcertarchive',
];

/** Whether trying again would bring the same: the certificate stays what it is, and the proxy's rules, too. */
export function isFinal(code: string): boolean {
  return (
    [
      'ABORTED',
      'TOO_LARGE',
      'TOO_DEEP',
      'TOO_MANY_VALUES',
      'NOT_UTF8',
      'PROXY_NEEDS_CREDENTIALS',
      'PROXY_REFUSED_CREDENTIALS',
      'PROXY_REFUSED',
    ].includes(code) ||
    /CERT|UNABLE_TO_|^ERR_INVALID_/.test(code) ||
    unusable.test(code) ||
    wantsCertificate.test(code)
  );
}

function causeOfKind(code: string): Cause {
  if (wantsCertificate.test(code)) return noCertificate;
  return unusable.test(code) ? unusableCertificate : [`the connection failed (${code})`, networkOrProxy];
}
