/** No whole answer came back. The request may have been acted upon all the same. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  /** Node's code, for example ECONNREFUSED, or our own: TIMEOUT, ABORTED, CUT_SHORT, TOO_…, NOT_UTF8, PROXY_…. */
  readonly code: string;
  /** The proxy on the way, for messages. */
  readonly proxyHost: string | undefined;

  constructor(code: string, about: { cause?: unknown; proxyHost?: string | undefined } = {}) {
    super(`no whole answer (${code})`, { cause: about.cause });
    this.code = code;
    this.proxyHost = about.proxyHost;
  }
}
