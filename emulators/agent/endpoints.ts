import { environmentName } from './macros.js';

/** A service connection. */
export interface Endpoint {
  id: string;
  name: string;
  type: string;
  url: string;
  scheme: string;
  parameters: Record<string, string>;
  data?: Record<string, string>;
}

export const systemConnectionName = 'SystemVssConnection';
export const emptyId = '00000000-0000-0000-0000-000000000000';

/** The job's own connection: always handed over, whatever the inputs say, and without data. */
export function systemConnection(url: string, token: string): Endpoint {
  const shared = { name: systemConnectionName, type: '', scheme: 'OAuth' };
  return { ...shared, id: emptyId, url, parameters: { AccessToken: token } };
}

/** Handler.cs, AddEndpointsToEnvironment. */
export function addEndpoint(set: (name: string, value: string) => void, endpoint: Endpoint): void {
  const { scheme, parameters, data = {} } = endpoint;
  const isSystem = endpoint.id === emptyId;
  const key = isSystem ? systemConnectionName.toUpperCase() : endpoint.id.toLowerCase();
  set(`ENDPOINT_URL_${key}`, new URL(endpoint.url).toString());
  set(`ENDPOINT_AUTH_${key}`, JSON.stringify({ parameters, scheme }));
  set(`ENDPOINT_AUTH_SCHEME_${key}`, scheme);
  for (const [name, value] of Object.entries(parameters))
    set(`ENDPOINT_AUTH_PARAMETER_${key}_${environmentName(name)}`, value);
  if (isSystem) return;
  set(`ENDPOINT_DATA_${key}`, JSON.stringify(data));
  for (const [name, value] of Object.entries(data))
    set(`ENDPOINT_DATA_${key}_${environmentName(name)}`, value);
}

const guid = /^\{?\(?([0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12})\)?\}?$/i;

/** .NET's Guid.TryParse, for the usual spellings. */
export function parseGuid(text: string): string | undefined {
  const digits = guid.exec(text.trim())?.[1]?.replaceAll('-', '').toLowerCase();
  if (digits === undefined) return undefined;
  const parts = [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20)];
  return [...parts, digits.slice(20)].join('-');
}

/** The IDs that inputs of one type name; other text is ignored, as the agent does. */
export function idsIn(values: readonly string[]): Set<string> {
  const ids = values.flatMap((value) => value.split(',')).map((text) => parseGuid(text));
  return new Set(ids.filter((id) => id !== undefined && id !== emptyId) as string[]);
}
