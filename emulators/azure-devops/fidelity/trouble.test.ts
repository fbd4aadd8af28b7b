import assert from 'node:assert/strict';
import { blocked } from '../outages.js';
import { asking, groups, refusalOf, type Asked } from './asking.js';

const web = { name: 'web', variables: { A: { value: 'new' } } };
const addWeb = ({ ado }: Asked): string =>
  `${groups}/${String(ado.addGroup({ project: 'Shop', name: 'web', variables: { A: 'old' } }).id)}`;
const valueOf = (body: unknown): unknown =>
  (body as { variables: Record<string, { value: unknown }> } | null)?.variables['A']?.value;

describe('an identity that asks too much', () => {
  it('is slowed down on a 200, then blocked, and served again when the time is over', () => {
    let nowMs = Date.UTC(2026, 10, 24);
    return asking({ now: () => nowMs }, async ({ ado, me, ask }) => {
      ado.throttle(me, { requests: 2, retryAfterSeconds: 30 });
      const answers = [await ask(`GET ${groups}`), await ask(`GET ${groups}`), await ask(`GET ${groups}`)];
      nowMs += 30_000;
      answers.push(await ask(`GET ${groups}`));

      const reset = String(Date.UTC(2026, 10, 24) / 1000 + 30);
      assert.deepEqual(
        answers.map(({ status, headers }) => [
          status,
          headers['x-ratelimit-remaining'],
          headers['x-ratelimit-delay'],
          headers['retry-after'],
        ]),
        [
          [200, '1', undefined, undefined],
          [200, '0', '30.000', '30'],
          [429, '0', '30.000', '30'],
          [200, '1', undefined, undefined],
        ],
      );
      const [first, , third] = answers;
      assert.deepEqual(
        [
          first?.headers['x-ratelimit-resource'],
          first?.headers['x-ratelimit-limit'],
          first?.headers['x-ratelimit-reset'],
        ],
        ['core', '2', reset],
      );
      assert.match(
        String(third && refusalOf(third).message),
        /^TF400733: The request has been canceled: Request was blocked/,
      );
    });
  });

  it('does nothing while it is blocked, and others are served', () =>
    asking({}, async (asked) => {
      const { ado, me, ask, askBare } = asked;
      const one = addWeb(asked);
      ado.addIdentity({ name: 'somebody else', bearer: 'other' });
      ado.throttle(me, { requests: 0, retryAfterSeconds: 30 });

      const refused = await ask(`PUT ${one}`, { body: web });
      const served = await askBare('GET', `/example-org/${one}?api-version=7.1`, {
        Authorization: 'Bearer other',
      });

      assert.deepEqual([refused.status, served.status, valueOf(served.body)], [429, 200, 'old']);
    }));

  it('may be blocked for one request', () =>
    asking({}, async ({ ado, ask }) => {
      ado.faults.add({ match: { path: /variablegroups/ }, fault: blocked(5) });

      const first = await ask(`GET ${groups}`);

      assert.deepEqual([first.status, first.headers['retry-after']], [429, '5']);
      assert.match(String(refusalOf(first).message), /^TF400733: /);
      assert.equal((await ask(`GET ${groups}`)).status, 200);
    }));
});

describe('a service in trouble', () => {
  it('has acted although its answer is lost', () =>
    asking({}, async (asked) => {
      const one = addWeb(asked);
      asked.ado.faults.add({ match: { method: 'PUT' }, when: 'after', fault: { kind: 'reset' } });

      await assert.rejects(asked.ask(`PUT ${one}`, { body: web }), { code: 'ECONNRESET' });

      assert.equal(asked.ado.variables('Shop', 'web')['A']?.value, 'new');
    }));

  it('has not acted when it fails before', () =>
    asking({}, async (asked) => {
      const one = addWeb(asked);
      asked.ado.faults.add({ match: { method: 'PUT' }, fault: { kind: 'html', status: 503 } });

      assert.equal((await asked.ask(`PUT ${one}`, { body: web })).status, 503);

      assert.equal(asked.ado.variables('Shop', 'web')['A']?.value, 'old');
    }));

  it('goes on showing the state before a write for a while', () =>
    asking({}, async (asked) => {
      const one = addWeb(asked);
      await asked.ask(`PUT ${one}`, { body: web });
      asked.ado.lagReads(2);

      const seen = [
        await asked.ask(`GET ${one}`),
        await asked.ask(`GET ${one}`),
        await asked.ask(`GET ${one}`),
      ].map(({ body }) => valueOf(body));

      assert.deepEqual(seen, ['old', 'old', 'new']);
    }));

  it('does not show a new group for a while, neither alone nor in a list', () =>
    asking({}, async ({ ado, ask }) => {
      const { id } = (await ask(`POST ${groups}`, { body: web })).body as { id: number };
      ado.lagReads(2);

      const list = (await ask(`GET ${groups}`)).body as { count: number };
      const first = await ask(`GET ${groups}/${String(id)}`);
      const second = await ask(`GET ${groups}/${String(id)}`);

      assert.deepEqual([list.count, first.body, valueOf(second.body)], [0, null, 'new']);
    }));

  it('lets a person in between two requests, at a later time', () =>
    asking({ now: () => Date.UTC(2026, 10, 24) }, async (asked) => {
      const { ado, ask } = asked;
      const one = addWeb(asked);
      ado.before({ method: 'GET', path: /variablegroups\/1$/ }, () => {
        ado.editGroup('Shop', 'web', ({ variables }) => {
          variables.clear();
        });
      });

      const written = (await ask(`PUT ${one}`, { body: web })).body as { modifiedOn: string };
      const read = (await ask(`GET ${one}`)).body as { modifiedOn: string; variables: object };

      assert.deepEqual(read.variables, {});
      assert.ok(Date.parse(read.modifiedOn) > Date.parse(written.modifiedOn));
    }));

  it('has the same time for two writes within 1/300 s, and loses zeros at its end', async () => {
    const seen: string[] = [];
    for (const ms of [0, 3, 4, 10, 530, 700]) {
      await asking({ now: () => Date.UTC(2026, 10, 24) + ms }, async ({ ask }) => {
        const { modifiedOn } = (await ask(`POST ${groups}`, { body: web })).body as { modifiedOn: string };
        seen.push(modifiedOn.replace('2026-11-24T00:00:', ''));
      });
    }

    assert.deepEqual(seen, ['00Z', '00Z', '00.0033333Z', '00.01Z', '00.53Z', '00.7Z']);
  });

  it('stopped, says so to everybody, signed in or not', () =>
    asking({}, async ({ ado, ask, askBare }) => {
      ado.stop('no reason');

      for (const answer of [await ask(`GET ${groups}`), await askBare('GET', `/example-org/${groups}`)]) {
        assert.equal(answer.status, 503);
        assert.ok(answer.text.startsWith('\uFEFF{'));
        assert.match(String(refusalOf(answer).message), /^TF24668: .*Administrator Reason: no reason$/);
      }
    }));
});
