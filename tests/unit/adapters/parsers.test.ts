import assert from 'node:assert/strict';
import { comparableTime } from '../../../tasks/InfisicalSecretSync/src/adapters/azure-devops/modified-on.js';
import {
  isNotSignedIn,
  refusal,
  typeKeyOf,
} from '../../../tasks/InfisicalSecretSync/src/adapters/azure-devops/refusals.js';
import { command } from '../../../tasks/InfisicalSecretSync/src/adapters/commands.js';
import {
  NetworkError,
  type HttpResponse,
} from '../../../tasks/InfisicalSecretSync/src/adapters/http/exchange.js';
import { jsonOf } from '../../../tasks/InfisicalSecretSync/src/adapters/http/json.js';
import { whyNoAnswer } from '../../../tasks/InfisicalSecretSync/src/adapters/http/no-answer.js';
import {
  backoffMs,
  retryAfterMs,
} from '../../../tasks/InfisicalSecretSync/src/adapters/http/retry-timing.js';
import { isUnknownRoute } from '../../../tasks/InfisicalSecretSync/src/adapters/infisical/api.js';
import { parseInfisicalConnection } from '../../../tasks/InfisicalSecretSync/src/adapters/infisical/connection.js';
import {
  loginRefusal,
  readRefusal,
} from '../../../tasks/InfisicalSecretSync/src/adapters/infisical/refusals.js';
import { parseCommand } from '../../support/mini-agent/command-parser.js';

const answer = (
  status: number,
  body: unknown,
  headers: Record<string, string> = { 'content-type': 'application/json' },
): HttpResponse => ({
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

describe('comparableTime', () => {
  it('orders times whatever the length of their fraction', () => {
    const times = [
      '2025-01-10T12:24:51Z',
      '2025-01-10T12:24:51.5233333Z',
      '2025-01-10T12:24:51.53Z',
      '2025-01-10T12:24:51.5366667Z',
    ];

    const compared = times.map((time) => comparableTime(time) ?? '');

    assert.deepEqual([...compared].sort(), compared);
    assert.equal(new Set(compared).size, 4);
  });

  it('takes equal times for equal', () => {
    assert.equal(
      comparableTime('2025-01-10T12:24:51.5Z'),
      comparableTime('2025-01-10T12:24:51.5000000+00:00'),
    );
  });

  for (const text of ['', 'yesterday', '2025-01-10T12:24:51+02:00', '2025-13-40T99:99:99Z']) {
    it(`does not know ${JSON.stringify(text)}`, () => {
      assert.equal(comparableTime(text), undefined);
    });
  }
});

describe('retry timing', () => {
  it('doubles up to thirty seconds', () => {
    assert.deepEqual(
      [1, 2, 3, 7, 20].map((attempt) => backoffMs(attempt, 1)),
      [500, 1000, 2000, 30_000, 30_000],
    );
    assert.equal(backoffMs(5, 0), 0);
  });

  const now = Date.parse('2026-11-24T12:00:00Z');
  const cases: [string | undefined, number | 'too long' | undefined][] = [
    [undefined, undefined],
    ['', undefined],
    ['soon', undefined],
    ['0', 0],
    ['1.5', 1500],
    ['120', 120_000],
    ['121', 'too long'],
    ['Tue, 24 Nov 2026 12:00:10 GMT', 10_000],
    ['Tue, 24 Nov 2026 11:00:00 GMT', 0],
  ];
  for (const [header, expected] of cases) {
    it(`reads Retry-After: ${header ?? '(none)'}`, () => {
      assert.equal(retryAfterMs(header, now), expected);
    });
  }
});

describe('command', () => {
  it('is read back by the agent’s own grammar to the letter', () => {
    const text = '%3B;]%AZP25%0D\r\n😀 ##vso[task.debug]x';

    const parsed = parseCommand(command('setvariable', { variable: 'a;b]c=d', isOutput: 'true' }, text));

    assert.deepEqual(parsed, {
      area: 'task',
      event: 'setvariable',
      properties: { variable: 'a;b]c=d', isoutput: 'true' },
      data: text,
    });
  });

  it('stays on one line', () => {
    assert.doesNotMatch(command('logissue', { type: 'error' }, 'a\r\nb\nc'), /[\r\n]/);
  });
});

describe('jsonOf', () => {
  it('reads JSON behind a byte order mark', () => {
    assert.deepEqual(jsonOf(answer(503, '\uFEFF{"a":1}')), { value: { a: 1 } });
  });

  for (const [title, response] of [
    ['a page', answer(200, '<html>', { 'content-type': 'text/html' })],
    ['no content type', answer(200, '{}', {})],
    ['half of it', answer(200, '{"a":')],
  ] as const) {
    it(`is not fooled by ${title}`, () => {
      assert.equal(jsonOf(response), undefined);
    });
  }
});

describe('isUnknownRoute', () => {
  const cases: [string, HttpResponse, boolean][] = [
    [
      'Fastify’s own 404',
      answer(404, { message: 'Route GET:/api/v4/secrets not found', error: 'Not Found' }),
      true,
    ],
    [
      'the page of the docker image',
      answer(404, '<html>', { 'content-type': 'text/html', 'x-powered-by': 'Next.js' }),
      true,
    ],
    ['Infisical’s own 404', answer(404, { message: 'Project not found', error: 'NotFound' }), false],
    ['another page', answer(404, '<html>', { 'content-type': 'text/html' }), false],
    ['a success', answer(200, { message: 'Route GET:', error: 'Not Found' }), false],
  ];
  for (const [title, response, expected] of cases) {
    it(`${title}: ${String(expected)}`, () => {
      assert.equal(isUnknownRoute(response), expected);
    });
  }
});

describe('parseInfisicalConnection', () => {
  const connection = (url: string, rest = {}) => ({
    url,
    scheme: 'Token',
    parameters: { apitoken: 't' },
    ...rest,
  });
  const urls: [string, string][] = [
    ['https://app.infisical.com', 'https://app.infisical.com'],
    ['https://app.infisical.com/', 'https://app.infisical.com'],
    ['https://host:8443/infisical/', 'https://host:8443/infisical'],
    ['https://host/infisical/api', 'https://host/infisical'],
    [' http://127.0.0.1:8080/api/ ', 'http://127.0.0.1:8080'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
  ];
  for (const [url, expected] of urls) {
    it(`takes ${url}`, () => {
      assert.equal(parseInfisicalConnection(connection(url)).baseUrl, expected);
    });
  }

  for (const [url, why] of [
    ['infisical', /is not an address/],
    ['ftp://host', /is not an address/],
    ['https://user:pass@host', /holds a user name or password/],
  ] as const) {
    it(`refuses ${url}`, () => {
      assert.throws(() => parseInfisicalConnection(connection(url)), { name: 'ConfigError', message: why });
    });
  }

  it('says everything that is wrong at once', () => {
    const broken = connection('nowhere', { scheme: 'UsernamePassword', parameters: {} });

    assert.throws(() => parseInfisicalConnection(broken), {
      message: /not an address.*client ID is empty.*client secret is empty/s,
    });
    assert.throws(() => parseInfisicalConnection(connection('https://h', { parameters: {} })), {
      message: /access token is empty/,
    });
  });

  it('finds parameters whatever their case', () => {
    const { auth } = parseInfisicalConnection(connection('https://h', { parameters: { ApiToken: ' t ' } }));

    assert.equal(auth.kind === 'token' && auth.accessToken.reveal(), 't');
  });
});

describe('what Azure DevOps refuses', () => {
  const about = {
    action: 'update' as const,
    group: '"g"',
    project: '"P"',
    identity: '"P Build Service (o)"',
  };

  for (const [status, body, headers, expected] of [
    [401, '', {}, true],
    [203, '<html>', { 'content-type': 'text/html' }, true],
    [302, '', { location: '/_signin' }, true],
    [200, '<html>', { 'content-type': 'text/html' }, true],
    [200, '{}', { 'content-type': 'application/json' }, false],
    [204, '', {}, false],
    [500, '<html>', { 'content-type': 'text/html' }, false],
  ] as const) {
    it(`${String(status)} ${JSON.stringify(headers)} is ${expected ? '' : 'not '}a refused token`, () => {
      assert.equal(isNotSignedIn(answer(status, body, headers)), expected);
    });
  }

  const cases: [HttpResponse, RegExp][] = [
    [answer(401, ''), /did not accept the job’s token/],
    [
      answer(400, { typeKey: 'ProjectDoesNotExistException' }),
      /has no project "P", or "P Build Service \(o\)" may not see it/,
    ],
    [
      answer(403, { typeKey: 'AccessDeniedException' }),
      /may not change the variable group "g".*Administrator/,
    ],
    [answer(429, {}), /limits the rate/],
    [answer(500, {}), /fault of its own/],
    [answer(400, { typeKey: 'ArgumentException' }), /refused the content.*status 400, ArgumentException/],
    [answer(405, ''), /refused to change the variable group "g" in project "P"/],
  ];
  for (const [response, message] of cases) {
    it(`${String(response.status)} ${typeKeyOf(response) ?? ''} → ${message.source.slice(0, 40)}`, () => {
      assert.match(refusal(response, about).message, message);
    });
  }

  it('names the role that reading and deleting need', () => {
    const denied = answer(403, {});

    assert.match(refusal(denied, { ...about, action: 'read' }).message, /may not read the variable group/);
    assert.match(
      refusal(denied, { ...about, action: 'delete' }).message,
      /may not delete the variable group/,
    );
    assert.match(refusal(denied, { ...about, action: 'create' }).message, /Creator role/);
  });

  it('shows no type key that is not a name, and never the service’s own words', () => {
    const hostile = answer(400, { typeKey: '##vso[task.complete]', message: 'canary-message' });

    assert.doesNotMatch(refusal(hostile, about).message, /vso|canary-message/);
  });
});

describe('what Infisical refuses', () => {
  const about = {
    server: 'Infisical at "h"',
    project: '"p"',
    environment: '"e"',
    path: '"/x"',
    auth: 'universal' as const,
  };
  const envelope = (status: number, error: string, message: unknown): HttpResponse =>
    answer(status, { error, message, canary: 'canary' });

  const reading: [HttpResponse, RegExp][] = [
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
    [envelope(500, 'DatabaseError', 'Something went wrong'), /a fault of its own/],
    [envelope(418, 'Teapot', 'x'), /refused the request.*status 418/],
  ];
  for (const [response, message] of reading) {
    it(`reading: ${String(response.status)} → ${message.source.slice(0, 50)}`, () => {
      const { message: shown } = readRefusal(response, about);

      assert.match(shown, message);
      assert.doesNotMatch(shown, /canary/);
    });
  }

  it('tells a static token from a session', () => {
    const expired = envelope(403, 'TokenError', 'expired');

    assert.match(
      readRefusal(expired, { ...about, auth: 'token' }).message,
      /Make a new one for the machine identity/,
    );
  });

  it('knows a login route that is not there', () => {
    assert.match(
      loginRefusal(envelope(404, 'Not Found', 'Route POST:'), about).message,
      /does not know the login route/,
    );
  });
});

describe('whyNoAnswer', () => {
  it('knows the usual causes and names the code of others', () => {
    assert.match(whyNoAnswer(new NetworkError('ENOTFOUND')), /does not resolve/);
    assert.match(whyNoAnswer(new NetworkError('EWEIRD')), /failed \(EWEIRD\)/);
  });
});
