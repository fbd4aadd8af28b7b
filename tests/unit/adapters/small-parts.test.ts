import assert from 'node:assert/strict';
import { isExcepted } from '#task/adapters/http/no-proxy.js';
import { textClaims } from '#task/adapters/http/jwt-claims.js';
import { retryAfterMs } from '#task/adapters/http/retry-timing.js';
import { recordMac } from '#task/adapters/infisical/record-key.js';
import { readCauses } from '#task/adapters/infisical/read-refusals.js';
import { requestRefusal, type RefusedRequest } from '#task/adapters/infisical/refusals.js';
import { isShared, Login, Project, SecretList } from '#task/adapters/infisical/schema.js';
import { syncRefusal } from '#task/adapters/infisical/sync-refusals.js';
import { FolderMissingError, SourceError } from '#task/domain/errors.js';
import { SecretValue } from '#task/domain/secret-value.js';

describe('a list of what the proxy is not for', () => {
  const rows: [list: string, url: string, isExcepted: boolean][] = [
    ['*', 'http://a.example', true],
    ['', 'http://a.example', false],
    [' ,; ', 'http://a.example', false],
    ['b.example,, a.example', 'http://a.example', true],
    ['example', 'http://a.example', true],
    ['.example', 'http://a.example', true],
    ['*.example', 'http://a.example', true],
    ['*example', 'http://a.example', true],
    ['xample', 'http://a.example', false],
    ['a*.example', 'http://a.example', false],
    ['*.', 'http://a.example', false],
    ['a.example:80', 'http://a.example', true],
    ['a.example:443', 'https://a.example', true],
    ['a.example:443', 'http://a.example', false],
    ['a.example:8080', 'http://a.example:8080', true],
    ['a.example:80x', 'http://a.example', false],
    ['10.0.0.0/8', 'http://10.1.2.3', true],
    ['10.0.0.0/8', 'http://11.1.2.3', false],
    ['10.1.2.3/32', 'http://10.1.2.3', true],
    ['10.1.2.3/33', 'http://10.1.2.3', false],
    ['10.0.0.0/x8', 'http://10.1.2.3', false],
    ['10.0.0.0/8x', 'http://10.1.2.3', false],
    ['10.0.0.0/', 'http://10.1.2.3', false],
    ['example/8', 'http://10.1.2.3', false],
    ['10.0.0.0/8', 'http://a.example', false],
    ['fd00::/8', 'http://[fd00::1]', true],
    ['fd00::/8', 'http://10.1.2.3', false],
    ['fd00::1/128', 'http://[fd00::1]', true],
    ['fd00::1/64', 'http://[fd00::2]', true],
    ['[fd00::1]:80', 'http://[fd00::1]', true],
    ['[fd00::1]', 'http://[fd00::1]', true],
    ['2.3', 'http://10.1.2.3', false],
  ];
  for (const [list, url, excepted] of rows) {
    it(`${excepted ? 'excepts' : 'does not except'} ${url}: ${JSON.stringify(list)}`, () => {
      assert.equal(isExcepted(new URL(url), list), excepted);
    });
  }
});

describe('the claims of a token', () => {
  const token = (claims: unknown): string =>
    `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.y`;

  it('are its texts, and nothing of what is no object or can’t be read', () => {
    assert.deepEqual(['iss', 'exp', 'none'].map(textClaims(token({ iss: 'a', exp: 1 }))), ['a', '', '']);
    for (const other of [token(null), token('iss'), token(1), 'x', ''])
      assert.equal(textClaims(other)('iss'), '');
  });
});

describe('what a server asks to wait', () => {
  it('is read as seconds or as a date, and nothing else', () => {
    const now = Date.UTC(2026, 10, 24);
    const date = new Date(now + 3_000).toUTCString();

    assert.deepEqual(
      [' 2 ', '1.25', date, '0', '121', 'x2', undefined].map((header) => retryAfterMs(header, now)),
      [2_000, 1_250, 3_000, 0, 'too long', undefined, undefined],
    );
  });
});

describe('the key of records', () => {
  it('gives the same print for ever, and another one for another secret, project, purpose or part', () => {
    const print = (secret: string, project: string, purpose: string, ...parts: string[]): string =>
      recordMac(new SecretValue(secret), project)(purpose, parts);

    assert.equal(
      print('secret', 'shop', 'variable', 'A', 'v'),
      'qh4kZFWMFvLu1W5PHDxQKnLlOJC0n9Ie0VzWVpHmFeA',
    );
    const all = [
      print('secret', 'shop', 'variable', 'A', 'v'),
      print('other', 'shop', 'variable', 'A', 'v'),
      print('secret', 'web', 'variable', 'A', 'v'),
      print('secret', 'shop', 'line', 'A', 'v'),
      print('secret', 'shop', 'variable', 'Av'),
      print('secret', 'shop', 'variable', 'A', 'w'),
    ];
    assert.equal(new Set(all).size, all.length);
  });
});

describe('what Infisical answers', () => {
  const row = { secretKey: 'A', secretValue: 'v' };
  const list = (rest: object, ...imports: object[]): boolean =>
    SecretList.safeParse({ secrets: [{ ...row, ...rest }], imports }).success;

  it('is taken only as what it should be', () => {
    assert.ok(list({ tags: [{ slug: 'a' }], secretPath: '/', isHoneyTokenSecret: null }));
    for (const wrong of [
      { secretKey: '' },
      { secretKey: 1 },
      { secretValue: null },
      { tags: [{}] },
      { tags: 'a' },
    ])
      assert.ok(!list(wrong), JSON.stringify(wrong));
    assert.ok(list({}, { environment: 'dev', secretPath: '/', secrets: [row] }));
    assert.ok(!list({}, { environment: 'dev', secrets: [row] }));
    assert.ok(!list({}, { environment: 'dev', secretPath: '/', secrets: [{}] }));
    assert.ok(!SecretList.safeParse({}).success);
    assert.deepEqual(
      [Login, Project].map((schema) => schema.safeParse({}).success),
      [false, false],
    );
    assert.ok(!Login.safeParse({ accessToken: '' }).success && Login.safeParse({ accessToken: 'x' }).success);
    assert.ok(!Project.safeParse({ id: '' }).success && Project.safeParse({ id: 'x' }).success);
  });

  it('is shared unless it is a person’s own', () => {
    assert.deepEqual(
      ['personal', 'shared', undefined].map((type) => isShared({ ...row, type })),
      [false, true, true],
    );
  });
});

describe('a refusal of Infisical', () => {
  const about: RefusedRequest = {
    ...{ server: 'Infisical', project: 'shop', environment: 'prod', path: '/', auth: 'universal' },
  };
  const answer = (status: number, body: object) =>
    ({ status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) as never;

  it('is about a missing folder only where a cause says so', () => {
    const missing = [
      { sign: /^404\|NotFound\|gone$/, message: () => 'Gone.', isMissingFolder: true as const },
    ];
    const of = (body: object) => requestRefusal(answer(404, body), about, missing);

    assert.ok(of({ error: 'NotFound', message: 'gone' }) instanceof FolderMissingError);
    assert.ok(!(of({ error: 'NotFound' }) instanceof FolderMissingError));
    assert.ok(of({}) instanceof SourceError);
    assert.equal(
      requestRefusal(answer(404, {}), about, [{ sign: /^404\|\|$/, message: () => 'Plain.' }]).message,
      'Plain. (status 404)',
    );
  });

  it('to read a sync names the sync where it is missing or of another kind, and the right that is missing', () => {
    const of = (status: number, body: object): string =>
      syncRefusal('to-azure')(answer(status, body), about).message;

    assert.match(of(404, { message: 'Could not find Azure DevOps Sync' }), /"to-azure".*status 404/);
    assert.match(of(400, { message: 'Sync is not configured for Azure' }), /"to-azure".*status 400/);
    assert.match(of(403, { error: 'PermissionDenied' }), /"Secret Syncs"/);
    assert.equal(of(500, {}), requestRefusal(answer(500, {}), about, readCauses).message);
  });
});
