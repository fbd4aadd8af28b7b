import { quoted } from '../../domain/text.js';
import type { NetworkError } from './network-error.js';

const untrusted =
  'its certificate comes from an authority that this agent does not trust; give the agent that authority’s certificate (--sslcacert), or Node (NODE_EXTRA_CA_CERTS)';

const causes: Record<string, string> = {
  ENOTFOUND: 'its name does not resolve; check the address for a typing error, and the agent’s DNS',
  EAI_AGAIN: 'its name could not be resolved just now; check the agent’s DNS',
  ECONNREFUSED: 'nothing listens there; check host and port, and whether a proxy is needed',
  EHOSTUNREACH: 'the host can’t be reached from this agent; check network and firewall',
  ENETUNREACH: 'the network can’t be reached from this agent; check network and firewall',
  ETIMEDOUT: 'the connection timed out; check network and firewall, and whether a proxy is needed',
  TIMEOUT:
    'it did not answer within the time limit; check network and firewall, and whether a proxy is needed',
  ECONNRESET:
    'it closed the connection without an answer; check network and firewall, and the agent’s client certificate where it wants one',
  CUT_SHORT: 'its answer was cut short',
  TOO_LARGE: 'its answer is larger than 32 MB; check that the address is right, or sync a smaller folder',
  TOO_DEEP: 'its answer is nested more than 100 levels deep; check that the address is right',
  TOO_MANY_VALUES:
    'its answer holds more than 2,000,000 values; check that the address is right, or sync a smaller folder',
  NOT_UTF8:
    'its answer is not UTF-8, so values would not be what they are there; look for a proxy that changes answers on the way',
  ABORTED: 'the step was asked to stop',
  DEPTH_ZERO_SELF_SIGNED_CERT: `its certificate is self-signed and not trusted by this agent; give the agent that certificate (--sslcacert), or Node (NODE_EXTRA_CA_CERTS)`,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; check the agent’s clock',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
  EPROTO: 'it does not speak TLS there; check http:// against https://',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS there; check http:// against https://',
};

const proxyCauses: Record<string, string> = {
  PROXY_UNREACHABLE: 'can’t be reached; check the proxy of the agent',
  PROXY_NEEDS_CREDENTIALS:
    'asks for a user name and password; configure the agent with --proxyusername and --proxypassword',
  PROXY_REFUSED_CREDENTIALS: 'does not accept the user name and password that the agent has for it',
  PROXY_REFUSED:
    'refuses to connect to it; allow that address in the proxy, or add it to the agent’s bypass list',
  PROXY_CANNOT_REACH: 'could not reach it; check the address, or add it to the agent’s bypass list',
};

/** What a server says that wants a client certificate and got none, or one that it does not like. */
const wantsCertificate =
  /ALERT_(?:CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE|CERTIFICATE_UNKNOWN)/;

/** Why no answer came, and what to look at, in the words of a message: `nothing listens there; …`. */
export function whyNoAnswer({ code, proxyHost }: NetworkError): string {
  const ofProxy = proxyCauses[code];
  if (ofProxy !== undefined) return `the proxy ${quoted(proxyHost ?? '')} ${ofProxy}`;
  const why = causes[code] ?? causeOfKind(code);
  return proxyHost === undefined ? why : `${why} (through the proxy ${quoted(proxyHost)})`;
}

/** What OpenSSL says of files that it can't read, or of a password that does not open them. */
const unusable = /^ERR_OSSL_/;
const unusableCertificate =
  'the agent’s client certificate, its key or its password can’t be used; look at what the agent was configured with (--sslclientcert, --sslclientcertkey, --sslclientcertpassword)';

const noCertificate =
  'it wants a client certificate that it trusts; configure the agent with --sslclientcert, --sslclientcertkey, --sslclientcertarchive';

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

function causeOfKind(code: string): string {
  if (wantsCertificate.test(code)) return noCertificate;
  return unusable.test(code) ? unusableCertificate : `the connection failed (${code})`;
}
