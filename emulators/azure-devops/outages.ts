import type { Fault } from '../loopback/http-faults.js';
import type { Answer } from '../loopback/loopback-server.js';
import { envelope, headerText } from './answers.js';
import type { Service } from './service.js';

/** The front door answers in the service's place: a page, and no word of when to come back (recorded 2018). */
export const frontDoorDown: Fault = {
  kind: 'status',
  status: 503,
  headers: { 'Content-Type': 'text/html', 'Cache-Control': 'no-store', Server: 'Microsoft-IIS/10.0' },
  body: "<!DOCTYPE html>\r\n<html>\r\n    <head>\r\n        <meta content='text/html; charset=utf-8' http-equiv='content-type'/>\r\n    </head>\r\n    <body>\r\n        <p>Our services aren't available right now.</p>\r\n    </body>\r\n</html>\r\n",
};

/** One request that is blocked, whoever asks. */
export function blocked(retryAfterSeconds: number): Fault {
  const seconds = String(retryAfterSeconds);
  return {
    kind: 'status',
    status: 429,
    headers: { 'Retry-After': seconds, 'X-RateLimit-Delay': `${seconds}.000`, 'X-RateLimit-Remaining': '0' },
    body: envelope(
      'RequestBlockedException',
      "TF400733: The request has been canceled: Request was blocked due to exceeding usage of resource 'core' in namespace 'example'.",
    ),
  };
}

/** An organization that is stopped says so before it looks at who asks: JSON behind a byte order mark (recorded 2026). */
export function stoppedAnswer({ organization, stopped = '' }: Service): Answer {
  const message = `TF24668: The following team project collection is stopped: ${organization}. Start the collection and then try again. Administrator Reason: ${stopped}`;
  return {
    status: 503,
    headers: {
      'Content-Type': 'application/json',
      'X-Content-Type-Options': 'nosniff',
      'X-TFS-ServiceError': headerText(message),
    },
    body: `\uFEFF${JSON.stringify(envelope('VssServiceException', message))}`,
  };
}
