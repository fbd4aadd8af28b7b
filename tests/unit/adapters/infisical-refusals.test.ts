import assert from 'node:assert/strict';
import type { HttpResponse } from '#task/adapters/http/exchange.js';
import { InfisicalApi } from '#task/adapters/infisical/api.js';
import { loginRefusal } from '#task/adapters/infisical/login-refusals.js';
import { readRefusal, slugRefusal } from '#task/adapters/infisical/read-refusals.js';
import { SecretValue } from '#task/domain/secret-value.js';
import { answer } from '../../support/answers.js';
import { ScriptedHttp } from '../../support/scripted-http.js';

describe('what Infisical refuses', () => {
  const about = {
    server: 'Infisical at "h"',
    project: 'p',
    environment: 'e',
    path: '/x',
    auth: 'universal' as const,
  };
  const envelope = (status: number, error: string, message: unknown): HttpResponse =>
    answer(status, { error, message, canary: 'canary' });

  const reading: [HttpResponse, RegExp][] = [
    [
      envelope(422, 'ValidationFailure', [{ path: ['secretPath'] }]),
      /^Infisical at "h" refused the request\. Check .* the inputs that name the project, the environment and the path/,
    ],
    [
      envelope(403, 'TokenError', 'Your token has expired. Please re-authenticate.'),
      /no longer accepts the session/,
    ],
    [envelope(500, 'Internal Server Error', 'jwt expired'), /no longer accepts the session/],
    [
      envelope(403, 'UnauthorizedError', 'Failed to renew MI access token due to TTL expiration'),
      /no longer accepts/,
    ],
    [
      envelope(400, 'BadRequest', 'Unable to renew because access token number of uses limit reached'),
      /no longer accepts/,
    ],
    [envelope(500, 'Internal Server Error', 'jwt malformed'), /does not accept the access token/],
    [envelope(500, 'Internal Server Error', 'invalid token'), /does not accept the access token/],
    [envelope(500, 'Internal Server Error', 'jwt signature is required'), /does not accept the access token/],
    [envelope(403, 'TokenError', 'jwt must be provided'), /does not accept the access token/],
    [
      envelope(403, 'TokenError', 'The provided access token is malformed. Please use a valid token.'),
      /does not accept the access token/,
    ],
    [envelope(401, 'UnauthorizedError', 'Token missing'), /does not accept the access token/],
    [
      envelope(
        403,
        'ForbiddenError',
        'You are not allowed to access this resource from the current IP address',
      ),
      /IP address/,
    ],
    [
      envelope(403, "Identity is not a member of the specified project with ID 'x'", 'no'),
      /not in the project "p"/,
    ],
    [envelope(403, 'Identity not in project', 'no'), /not in the project "p"/],
    [
      envelope(403, 'ForbiddenError', 'Failed to expand one or more secret references'),
      /could not resolve references/,
    ],
    [envelope(404, 'SecretPathNotFound', 'x'), /has no path "\/x"/],
    [envelope(500, 'Find by secret path', 'Something went wrong'), /has no path "\/x"/],
    [
      envelope(404, 'NotFound', "Environment with slug 'e' in project with ID x not found"),
      /has no environment "e"/,
    ],
    [
      envelope(500, 'Internal Server Error', "'e' environment not found in project with ID x"),
      /has no environment "e"/,
    ],
    [envelope(404, 'bot_not_found_error', 'Project bot for project with ID'), /of an old kind/],
    [envelope(404, 'NotFound', "Project with ID 'x' not found"), /has no project "p"/],
    [envelope(500, 'Failed to find project by slug', 'Something went wrong'), /has no project "p"/],
    [envelope(401, 'PermissionDenied', 'You are not allowed to read on secrets'), /may not read secrets/],
    [envelope(403, 'UnauthorizedError', 'You are not allowed to access this resource'), /no longer accepts/],
    [envelope(403, 'Forbidden access to /api', 'x'), /refused to read project/],
    [envelope(429, 'RateLimitExceeded', 'x'), /limits the rate/],
    [envelope(500, 'DatabaseError', 'Something went wrong'), /reported an internal error/],
    [envelope(418, 'Teapot', 'x'), /refused the request.*status 418/],
  ];
  for (const [response, message] of reading) {
    it(`reading: ${String(response.status)} → ${message.source.slice(0, 50)}`, () => {
      const { message: shown } = readRefusal(response, about);

      assert.match(shown, message);
      assert.doesNotMatch(shown, /canary/);
    });
  }

  it('quotes every name that it says, whatever the answer', () => {
    const raw = 'ev\nil';
    const names = { project: raw, environment: raw, path: raw, organization: raw };
    for (const [response] of [...reading, ...logins]) {
      for (const auth of ['universal', 'oidc'] as const) {
        assert.ok(!readRefusal(response, { ...about, ...names, auth }).message.includes(raw));
        assert.ok(!loginRefusal(response, { ...about, ...names, auth }).message.includes(raw));
      }
    }
  });

  for (const status of [422, 403])
    it(`names the slug where a project was looked up by it, and nowhere else (${String(status)})`, () => {
      const refused = envelope(status, 'ValidationFailure', [{ path: ['slug'] }]);

      assert.match(
        slugRefusal(refused, about).message,
        /^Infisical at "h" does not look up the slug "p" of infisicalProject.*Set infisicalProject to the project ID/,
      );
      assert.doesNotMatch(readRefusal(refused, about).message, /slug/);
    });

  it('tells a static token from a session', () => {
    const expired = envelope(403, 'TokenError', 'expired');

    assert.match(
      readRefusal(expired, { ...about, auth: 'token' }).message,
      /Create a new one for the machine identity/,
    );
  });

  for (const [location, where] of [
    ['/login?code=canary', 'another path of the same host'],
    ['https://h/login?code=canary', 'another path of the same host'],
    ['//other/login?code=canary', '"https://other"'],
    ['http://h/', '"http://h"'],
  ] as const) {
    it(`says how far a redirect leads, and no more: ${location}`, () => {
      const http = new ScriptedHttp(() => answer(200, {}));
      const api = new InfisicalApi({ baseUrl: 'https://h/sub', requestHeaders: [] }, http);

      const { message } = api.notJson(answer(302, '', { location }));

      assert.ok(message.startsWith(`Infisical at "h" redirects to ${where}. This task`), message);
      assert.doesNotMatch(message, /canary/);
    });
  }

  it('knows a login route that is not there', () => {
    assert.match(
      loginRefusal(envelope(404, 'Not Found', 'Route POST:'), about).message,
      /does not know the route for this login/,
    );
  });

  const oidc = {
    jwt: new SecretValue('header.payload.signature'),
    issuer: 'https://vstoken.dev.azure.com/org-id',
    subject: 'sc://org/project/infisical',
    audience: 'api://AzureADTokenExchange',
  };
  const logins: [HttpResponse, RegExp][] = [
    [
      envelope(404, 'NotFound', 'OIDC auth method not found for identity, did you configure OIDC auth?'),
      /no machine identity with this ID/,
    ],
    [envelope(422, 'ValidationFailure', [{ path: ['identityId'] }]), /no machine identity with this ID/],
    [envelope(401, 'UnauthorizedError', 'Access denied: jwt expired'), /not valid at this time.*clock/],
    [
      envelope(401, 'UnauthorizedError', 'Access denied: jwt issuer invalid. expected: https://x'),
      /the issuer of the job’s token/,
    ],
    [
      envelope(500, 'Internal Server Error', 'jwt issuer invalid. expected: https://x'),
      /the issuer of the job’s token/,
    ],
    [
      envelope(403, 'ForbiddenError', 'Access denied: OIDC subject not allowed.'),
      /the subject of the job’s token/,
    ],
    [
      envelope(401, 'UnauthorizedError', 'Access denied: OIDC audience not allowed.'),
      /the audience of the job’s token/,
    ],
    [
      envelope(401, 'UnauthorizedError', 'Access denied: OIDC claim not allowed.'),
      /a claim that the job’s token does not have/,
    ],
    [
      envelope(401, 'UnauthorizedError', 'Access denied: token has no def_id field'),
      /a claim that the job’s token does not have/,
    ],
    [
      envelope(
        401,
        'UnauthorizedError',
        "Access denied: Unable to verify JWT signature. The signing key 'k' was not found in the OIDC provider's JWKS endpoint.",
      ),
      /keys of its OIDC Discovery URL/,
    ],
    [
      envelope(
        401,
        'UnauthorizedError',
        'Access denied: Failed to fetch OIDC discovery document from https://x. no',
      ),
      /keys of its OIDC Discovery URL/,
    ],
    [envelope(401, 'UnauthorizedError', 'Invalid JWT'), /does not trust the job’s token/],
    [envelope(404, 'NotFound', 'Sub organization with slug x not found'), /no sub-organization "sub"/],
    [
      envelope(401, 'UnauthorizedError', 'Identity not authorized to access sub organization x'),
      /does not belong to the sub-organization "sub"/,
    ],
    [
      envelope(
        403,
        'ForbiddenError',
        'You are not allowed to access this resource from the current IP address',
      ),
      /IP address/,
    ],
    [
      envelope(404, 'Not Found', 'Route POST:/api/v1/auth/oidc-auth/login not found'),
      /does not know the route for this login/,
    ],
    [envelope(429, 'RateLimitExceeded', 'x'), /limits the rate/],
  ];
  for (const [response, message] of logins) {
    it(`OIDC Auth: ${String(response.status)} → ${message.source}`, () => {
      const { message: shown } = loginRefusal(response, {
        ...about,
        auth: 'oidc',
        organization: 'sub',
        oidc,
      });

      assert.match(shown, message);
      assert.doesNotMatch(shown, /canary|payload/);
    });
  }

  it('shows what the job’s token says as lines to paste, each by itself', () => {
    const denied = envelope(403, 'ForbiddenError', 'Access denied: OIDC subject not allowed.');

    const lines = loginRefusal(denied, { ...about, auth: 'oidc', oidc }).message.split('\n');

    assert.deepEqual(lines.slice(1), [
      '  OIDC Discovery URL: https://vstoken.dev.azure.com/org-id',
      '  Issuer: https://vstoken.dev.azure.com/org-id',
      '  Subject: sc://org/project/infisical',
      '  Audiences: api://AzureADTokenExchange',
      '(status 403)',
    ]);
  });
});
