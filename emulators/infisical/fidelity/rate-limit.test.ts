import assert from 'node:assert/strict';
import { type Answered } from '../../replay/send.js';
import { get, listTarget, login, refusalOf, withServer, type StartOptions } from './sample.js';

describe('the rate limit', () => {
  const from = (address: string): Record<string, string> => ({ 'x-forwarded-for': address });
  const limitsOf = ({ headers }: Answered): unknown[] =>
    ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'retry-after'].map(
      (name) => headers[name],
    );

  /** A server whose clock a test moves. */
  async function withClock(
    options: StartOptions,
    test: (
      server: Parameters<Parameters<typeof withServer>[1]>[0],
      clock: { nowMs: number },
    ) => Promise<void>,
  ): Promise<void> {
    const clock = { nowMs: 0 };
    await withServer({ now: () => clock.nowMs, ...options }, (server) => test(server, clock));
  }

  it('is off unless asked for, as on every server that is not Infisical’s cloud', () =>
    withServer({}, async (server) => {
      assert.deepEqual(limitsOf(await get(server, listTarget(4))), [
        undefined,
        undefined,
        undefined,
        undefined,
      ]);
    }));

  it('counts a minute from the first request, and tells when it is over', () =>
    withClock({ rateLimit: { secret: 2 } }, async (server, clock) => {
      const first = await get(server, listTarget(4));
      clock.nowMs += 18_000;
      await get(server, listTarget(4));
      const third = await get(server, listTarget(4));
      clock.nowMs += 42_000;
      const later = await get(server, listTarget(4));

      assert.deepEqual([first, third, later].map(limitsOf), [
        ['2', '1', '60', undefined],
        ['2', '0', '42', '42'],
        ['2', '1', '60', undefined],
      ]);
      assert.deepEqual(refusalOf(third), [
        429,
        'RateLimitExceeded',
        'Rate limit exceeded. Please try again in 42 seconds',
      ]);
    }));

  it('is one of the address, whoever asks', () =>
    withServer({ rateLimit: { secret: 1 } }, async (server) => {
      server.addMachineIdentity({
        name: 'other',
        tokenAuth: { accessToken: 'other-access-token' },
        projects: { shop: 'viewer' },
      });
      const other = { authorization: 'Bearer other-access-token' };

      const statuses = [
        await get(server, listTarget(4), from('192.0.2.1')),
        await get(server, listTarget(4), { ...from('192.0.2.1'), ...other }),
        await get(server, listTarget(4), from('192.0.2.2')),
      ].map(({ status }) => status);

      assert.deepEqual(statuses, [200, 429, 200]);
    }));

  const kinds: [target: string, limit: string, old: string][] = [
    [listTarget(3), '120', '60'],
    ['/api/v1/workspace/nope', '200', '60'],
  ];
  for (const [target, limit, old] of kinds) {
    it(`is ${limit} a minute on the free plan and was ${old} in 2024: ${target.split('?')[0] ?? ''}`, async () => {
      for (const [profile, wanted] of [
        ['v4-2026', limit],
        ['legacy-2024', old],
      ] as const) {
        await withServer({ profile, rateLimit: true }, async (server) => {
          assert.equal(limitsOf(await get(server, target))[0], wanted);
        });
      }
    });
  }

  it('is 200 for logins', () =>
    withServer({ rateLimit: true }, async (server) => {
      assert.equal(limitsOf(await login(server))[0], '200');
    }));

  it('lets no address make more than 600 requests of all kinds', () =>
    withClock({ rateLimit: { secret: 1000, read: 1000 } }, async (server) => {
      const targets = Array.from({ length: 300 }, () => [listTarget(3), listTarget(4)]).flat();
      for (const target of targets) await get(server, target, from('192.0.2.1'));

      const next = await get(server, '/api/v1/projects', from('192.0.2.1'));

      assert.deepEqual([next.status, limitsOf(next)[0]], [429, '600']);
    }));

  it('does not count what was refused for its token', () =>
    withServer({ rateLimit: true }, async (server) => {
      const answer = await get(server, listTarget(4), { authorization: 'Bearer garbage' });

      assert.deepEqual(limitsOf(answer), [undefined, undefined, undefined, undefined]);
    }));
});
