import type { Received } from '../loopback/loopback-server.js';
import { isOld, Refused, type Profile } from './answers.js';

/** Fastify's default. */
const bodyLimit = 1_048_576;

/**
 * What a handler sees: an object, a text, or null for no body. The body of a GET is not looked at: the native SDK sends
 * one. Servers of 2024 passed Fastify's errors on; today's turn all of them into a 500 (error-handler.ts@036d891d).
 */
export function bodyOf({ method, headers, body }: Received, profile: Profile): unknown {
  if (method === 'GET' || method === 'HEAD') return null;
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (Buffer.byteLength(body) > bodyLimit)
    throw unreadable(profile, 413, {
      code: 'FST_ERR_CTP_BODY_TOO_LARGE',
      error: 'Payload Too Large',
      message: 'Request body is too large',
    });
  if (type === undefined && body === '') return null;
  switch (type) {
    case 'application/json':
      return parsedJson(body, profile);
    case 'application/x-www-form-urlencoded':
      return Object.fromEntries(new URLSearchParams(body));
    case 'text/plain':
      return body;
    default:
      throw unreadable(profile, 415, {
        code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE',
        error: 'Unsupported Media Type',
        message: `Unsupported Media Type: ${String(type)}`,
      });
  }
}

function parsedJson(body: string, profile: Profile): unknown {
  if (body === '')
    throw unreadable(profile, 400, {
      code: 'FST_ERR_CTP_EMPTY_JSON_BODY',
      error: 'Bad Request',
      message: "Body cannot be empty when content-type is set to 'application/json'",
    });
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw unreadable(profile, 400, { error: 'Bad Request', message: (cause as Error).message });
  }
}

function unreadable(
  profile: Profile,
  status: number,
  failure: { code?: string; error: string; message: string },
): Refused {
  return isOld(profile)
    ? new Refused(status, failure)
    : new Refused(500, { error: 'InternalServerError', message: 'Something went wrong' });
}
