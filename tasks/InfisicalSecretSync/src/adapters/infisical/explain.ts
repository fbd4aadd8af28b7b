import { jsonOf } from '../http/json.js';
import type { InfisicalApi } from './api.js';
import type { InfisicalConnection } from './connection.js';
import type { Explain, RefusedRequest } from './refusals.js';
import type { InfisicalSession } from './session.js';

/** What a refused request was sent by, and what it was about. */
export interface Asked {
  connection: InfisicalConnection;
  api: InfisicalApi;
  session: InfisicalSession;
  about: Pick<RefusedRequest, 'project' | 'environment' | 'path'>;
}

/** Why the server refused; an answer that is not the API's at all is told apart first. */
export function explaining({ connection, api, session, about }: Asked): Explain {
  return (response, errorOf) => {
    const isForeign = jsonOf(response) === undefined && response.status < 500 && response.status !== 429;
    if (isForeign) return api.notJson(response);
    return errorOf(response, {
      server: api.title,
      ...about,
      auth: connection.auth.kind,
      ...(connection.organizationSlug === '' ? {} : { organization: connection.organizationSlug }),
      ...session.shown,
    });
  };
}
