import { ConfigError } from '../../domain/errors.js';
import { SecretValue } from '../../domain/secret-value.js';
import { quoted } from '../../domain/text.js';

/** A service connection as the agent hands it to the step. */
export interface ServiceConnection {
  url: string;
  scheme: string;
  parameters: Readonly<Record<string, string>>;
}

export interface InfisicalConnection {
  /** Without a slash at its end and without `/api`; a sub-path stays. */
  baseUrl: string;
  auth:
    | { kind: 'universal'; clientId: string; clientSecret: SecretValue }
    | { kind: 'token'; accessToken: SecretValue };
}

/** @throws ConfigError that names everything that is wrong with the connection. */
export function parseInfisicalConnection(connection: ServiceConnection): InfisicalConnection {
  const baseUrl = baseUrlOf(connection.url);
  const auth = authOf(connection);
  if (typeof baseUrl === 'string' && !Array.isArray(auth)) return { baseUrl, auth };
  const problems = [...(typeof baseUrl === 'string' ? [] : baseUrl), ...(Array.isArray(auth) ? auth : [])];
  throw new ConfigError(problems.map((problem) => `infisicalConnection: ${problem}`));
}

function baseUrlOf(text: string): string | string[] {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return ['its Infisical URL is not an address. It looks like https://app.infisical.com.'];
  }
  if (url.username !== '' || url.password !== '') {
    return ['its Infisical URL holds a user name or password. Take them out; signing in has its own fields.'];
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '').replace(/\/api$/, '');
}

function authOf({ scheme, parameters }: ServiceConnection): InfisicalConnection['auth'] | string[] {
  const parameter = (name: string): string => {
    const entry = Object.entries(parameters).find(([key]) => key.toLowerCase() === name);
    return entry?.[1].trim() ?? '';
  };
  if (/^usernamepassword$/i.test(scheme)) {
    const clientId = parameter('username');
    const clientSecret = parameter('password');
    if (clientId !== '' && clientSecret !== '') {
      return { kind: 'universal', clientId, clientSecret: new SecretValue(clientSecret) };
    }
    return [
      ...(clientId === '' ? ['its client ID is empty.'] : []),
      ...(clientSecret === '' ? ['its client secret is empty.'] : []),
    ];
  }
  if (/^token$/i.test(scheme)) {
    const accessToken = parameter('apitoken');
    return accessToken === ''
      ? ['its access token is empty.']
      : { kind: 'token', accessToken: new SecretValue(accessToken) };
  }
  return [`its scheme ${quoted(scheme)} is not one of Universal Auth and Token Auth.`];
}
