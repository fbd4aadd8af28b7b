import type { Answer, Received } from '../loopback/loopback-server.js';
import { failure } from './answers.js';
import type { Location } from './locations.js';

export type Profile = 'services' | 'server-2019' | 'server-2020' | 'server-2022' | 'server-2022.1';

export const newest: Record<Profile, number> = {
  services: 7.2,
  'server-2019': 5.1,
  'server-2020': 6.0,
  'server-2022': 7.0,
  'server-2022.1': 7.1,
};

export interface ApiVersion {
  text: string;
  number: number;
}

/**
 * Judges the api-version of a request, from the query or from Accept, as the services do.
 * @returns the version, or the answer that refuses it
 */
export function apiVersion(received: Received, profile: Profile, location: Location): ApiVersion | Answer {
  const accepted = /api-version=([^;,\s]+)/i.exec(received.headers.accept ?? '')?.[1];
  const text = received.query.get('api-version') ?? accepted;
  if (text === undefined) {
    if (received.method === 'GET') return { text: shown(newest[profile]), number: newest[profile] };
    return failure(
      400,
      'VssVersionNotSpecifiedException',
      `No api-version was supplied for the "${received.method}" request. The version must be supplied either as part of the Accept header (e.g. "application/json; api-version=1.0") or as a query parameter (e.g. "?api-version=1.0").`,
    );
  }
  const number = /^\d+(\.\d+)?(-preview(\.\d+)?)?$/i.test(text) ? Number.parseFloat(text) : Number.NaN;
  if (!(number <= newest[profile])) return outOfRange(text, 'latest', 'server', newest[profile]);
  const lowest = Number(location.minVersion);
  if (number < lowest) return outOfRange(text, 'lowest', 'resource', lowest);
  if (!isReleased(location, number) && !/-preview/i.test(text)) {
    return failure(
      400,
      'VssInvalidPreviewVersionException',
      `The requested version "${text}" of the resource is under preview. The -preview flag must be supplied in the api-version for such requests. For example: "${text}-preview"`,
    );
  }
  return { text, number };
}

function outOfRange(text: string, end: 'latest' | 'lowest', of: string, limit: number): Answer {
  return failure(
    400,
    'VssVersionOutOfRangeException',
    `The requested REST API version of ${text} is out of range for this server. The ${end} REST API version this ${of} supports is ${shown(limit)}.`,
  );
}

function isReleased({ releasedVersion, releasedSince }: Location, number: number): boolean {
  return number <= Number(releasedVersion) && number >= (releasedSince ?? 0);
}

function shown(version: number): string {
  return version.toFixed(1);
}
