import type { NetworkError } from './exchange.js';

const causes: Record<string, string> = {
  ENOTFOUND: 'its name does not resolve; check the address for a typing error, and the agent’s DNS',
  EAI_AGAIN: 'its name could not be resolved just now; check the agent’s DNS',
  ECONNREFUSED: 'nothing listens there; check host and port, and whether a proxy is needed',
  EHOSTUNREACH: 'the host can’t be reached from this agent; check network and firewall',
  ENETUNREACH: 'the network can’t be reached from this agent; check network and firewall',
  ETIMEDOUT: 'the connection timed out; check network and firewall',
  TIMEOUT: 'it did not answer within the time limit',
  ECONNRESET: 'it closed the connection without an answer',
  CUT_SHORT: 'its answer was cut short',
  TOO_LARGE: 'its answer is larger than anything it should send; check that the address is right',
  ABORTED: 'the step was asked to stop',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed and not trusted by this agent',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an authority that this agent does not trust',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from an authority that this agent does not trust',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from an authority that this agent does not trust',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
  EPROTO: 'it does not speak TLS there; check http:// against https://',
};

/** Why no answer came, and what to look at, in the words of a message: `nothing listens there; …`. */
export function whyNoAnswer(error: NetworkError): string {
  return causes[error.code] ?? `the connection failed (${error.code})`;
}
