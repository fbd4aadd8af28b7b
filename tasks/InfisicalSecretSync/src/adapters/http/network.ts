import type { SecretValue } from '../../domain/secret-value.js';

/** A proxy that requests go through. */
export interface Proxy {
  url: URL;
  /** The value of Proxy-Authorization. */
  authorization: SecretValue | undefined;
}

/** How the machine wants connections to be made. */
export interface Network {
  /** The proxy for an address; undefined for the direct way. */
  proxyFor(url: URL): Proxy | undefined;
  tls: TlsSettings;
}

export interface TlsSettings {
  /** All authorities to trust, in PEM; undefined for those that Node trusts. */
  ca?: string[];
  cert?: string;
  key?: string;
  passphrase?: string;
  rejectUnauthorized: boolean;
}

/** Straight to every address, with the authorities that Node trusts. */
export const directNetwork: Network = {
  proxyFor: () => undefined,
  tls: { rejectUnauthorized: true },
};
