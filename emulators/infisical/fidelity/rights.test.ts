import assert from 'node:assert/strict';
import type { Action, Role } from '../identities.js';
import type { Answered } from '../../replay/send.js';
import { dev, get, listTarget, refusalOf, valuesOf, withServer, type List } from './sample.js';

const listOf = ({ body }: Answered): List => body as List;
const keysOf = (answer: Answered): string[] =>
  listOf(answer)
    .secrets.map(({ secretKey }) => secretKey)
    .sort();
const hidden = '<hidden-by-infisical>';

describe('the rights of a list', () => {
  const rule = (path: string, ...actions: Action[]): Role => ({ rules: [{ path, actions }] });
  const read = ['describeSecret', 'readValue'] as const;
  const denied = (action: string): unknown[] => [
    403,
    'PermissionDenied',
    `You are not allowed to ${action} on secrets`,
  ];
  const refusals: [title: string, role: Role, action: string][] = [
    ['no right at all', 'no-access', 'describeSecret'],
    ['the right to create alone', rule('/', 'create'), 'describeSecret'],
    ['the right to describe alone', rule('/', 'describeSecret'), 'readValue'],
  ];
  for (const [title, role, action] of refusals) {
    it(`refuse with ${title}, and quote the rules`, () =>
      withServer({ role }, async (server) => {
        const answer = await get(server, listTarget(4));

        assert.deepEqual(refusalOf(answer), denied(action));
        assert.ok(Array.isArray((answer.body as { details: unknown }).details));
      }));
  }

  it('elsewhere give 200 and nothing', () =>
    withServer({ role: rule('/other/**', ...read) }, async (server) => {
      const answer = await get(server, listTarget(4));

      assert.deepEqual([answer.status, listOf(answer).secrets], [200, []]);
    }));

  it('reach a folder and what is below it by a glob', () =>
    withServer({ role: rule('/api/**', ...read) }, async (server) => {
      server.setSecret(dev('/api/deep'), 'DEEP', 'deep');

      assert.deepEqual(keysOf(await get(server, listTarget(4, { recursive: 'true' }))), ['DEEP', 'NAME']);
    }));

  it('can hang on a tag', () =>
    withServer({ role: { rules: [{ tags: ['public'], actions: [...read] }] } }, async (server) => {
      server.setSecret(dev('/api'), 'TAGGED', 'v', { tags: ['public'] });

      assert.deepEqual(keysOf(await get(server, listTarget(4, { secretPath: '/api' }))), ['TAGGED']);
    }));

  it('can be taken away by a later rule', () => {
    const all = { actions: [...read] };
    return withServer(
      { role: { rules: [all, { ...all, path: '/api', inverted: true }] } },
      async (server) => {
        assert.deepEqual(
          keysOf(
            await get(server, listTarget(4, { recursive: 'true', expandSecretReferences: 'false' })),
          ).includes('NAME'),
          false,
        );
        assert.deepEqual(keysOf(await get(server, listTarget(4, { secretPath: '/first' }))), ['BOTH']);
      },
    );
  });

  it('to describe a sub-folder alone drop its secrets without a word', () => {
    const role: Role = {
      rules: [
        { path: '/', actions: [...read] },
        { path: '/api', actions: ['describeSecret'] },
      ],
    };
    return withServer({ role }, async (server) => {
      assert.deepEqual(
        keysOf(await get(server, listTarget(4, { recursive: 'true', expandSecretReferences: 'false' }))),
        ['HOST', 'PEM', 'URL'],
      );
    });
  });

  it('to describe alone hide the values in the Go port, in the requested folder only', () =>
    withServer({ permission: 'go', role: rule('/**', 'describeSecret') }, async (server) => {
      const list = listOf(await get(server, listTarget(4, { recursive: 'true' })));

      assert.deepEqual(
        list.secrets.map(({ secretPath, secretValue, secretValueHidden }) => [
          secretPath,
          secretValue,
          secretValueHidden,
        ]),
        [
          ['/', hidden, true],
          ['/', hidden, true],
          ['/', hidden, true],
        ],
      );
    }));

  it('that are none at all give 200 and nothing in the Go port', () =>
    withServer({ permission: 'go', role: 'no-access' }, async (server) => {
      const answer = await get(server, listTarget(4));

      assert.deepEqual([answer.status, listOf(answer).secrets], [200, []]);
    }));

  it('do not matter to what the Go port sends for imports that are off: null, where Node sends none', async () => {
    for (const [permission, imports] of [
      ['go', null],
      ['node', []],
    ] as const) {
      await withServer({ permission }, async (server) => {
        assert.deepEqual(
          listOf(await get(server, listTarget(4, { includeImports: 'false' }))).imports,
          imports,
        );
      });
    }
  });

  it('to describe suffice when no values are asked for', () =>
    withServer({ role: rule('/', 'describeSecret') }, async (server) => {
      const list = listOf(await get(server, listTarget(4, { viewSecretValue: 'false' })));

      assert.deepEqual(valuesOf(list.secrets), { HOST: hidden, PEM: hidden, URL: hidden });
    }));
});
