import type { Answer, Received } from '../loopback-server.js';
import { failure } from './errors.js';

export type Profile = 'services' | 'server-2019' | 'server-2022';

const newest: Record<Profile, number> = { services: 7.2, 'server-2019': 5.1, 'server-2022': 7.0 };

export interface ApiVersion {
  text: string;
  number: number;
}

/**
 * Judges the api-version of a request, from the query or from Accept, as the services do.
 * @param previewOnly whether the resource exists only as a preview in that version
 * @returns the version, or the answer that refuses it
 */
export function apiVersion(
  received: Received,
  profile: Profile,
  previewOnly: (version: number) => boolean,
): ApiVersion | Answer {
  const accepted = /api-version=([^;,\s]+)/i.exec(received.headers.accept ?? '')?.[1];
  const text = received.query.get('api-version') ?? accepted;
  if (text === undefined) {
    if (received.method === 'GET' || received.method === 'OPTIONS')
      return { text: String(newest[profile]), number: newest[profile] };
    return failure(
      400,
      'VssVersionNotSpecifiedException',
      `No api-version was supplied for the "${received.method}" request. The version must be supplied either as part of the Accept header (e.g. "application/json; api-version=1.0") or as a query parameter (e.g. "?api-version=1.0").`,
    );
  }
  const number = Number.parseFloat(text);
  if (Number.isNaN(number) || number > newest[profile]) {
    return failure(
      400,
      'VssVersionOutOfRangeException',
      `The requested REST API version of ${text} is out of range for this server. The latest REST API version this server supports is ${String(newest[profile])}.`,
    );
  }
  if (previewOnly(number) && !text.includes('-preview')) {
    return failure(
      400,
      'VssInvalidPreviewVersionException',
      `The requested version "${text}" of the resource is under preview. The -preview flag must be supplied in the api-version for such requests. For example: "${text}-preview"`,
    );
  }
  return { text, number };
}
