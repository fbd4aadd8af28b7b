import assert from 'node:assert/strict';
import { asking, groups, type Asked } from './asking.js';

const addAll = ({ ado }: Asked, ...names: string[]): void => {
  for (const name of names) ado.addGroup({ project: 'Shop', name, variables: { A: 'x' } });
};
const list = async ({ ask }: Asked, query: string): Promise<{ ids: number[]; next: unknown }> => {
  const { body, headers } = await ask(`GET ${groups}?${query}`);
  const { value, count } = body as { value: { id: number }[]; count: number };
  assert.equal(count, value.length);
  return { ids: value.map(({ id }) => id), next: headers['x-ms-continuationtoken'] };
};

describe('a list of variable groups', () => {
  const cases: [query: string, ids: number[], next?: string][] = [
    ['', [4, 3, 2, 1]],
    ['queryOrder=idAscending', [1, 2, 3, 4]],
    ['queryOrder=IdDescending', [4, 3, 2, 1]],
    ['$top=2', [4, 3], '2'],
    ['$top=2&continuationToken=2', [2, 1]],
    ['$top=2&continuationToken=2&queryOrder=IdAscending', [2, 3], '4'],
    ['$top=1&continuationToken=4&queryOrder=IdAscending', [4]],
    ['groupName=test-a', [1]],
    ['groupName=TEST-A', [1]],
    ['groupName=test', []],
    ['groupName=Test*', [2, 1]],
    ['groupName=*', [4, 3, 2, 1]],
    ['groupName=star*', [4, 3]],
    ['groupIds=1,3', [3, 1]],
    ['groupIds=9', []],
  ];
  for (const [query, ids, next] of cases) {
    it(`holds ${ids.join(', ') || 'nothing'} for "${query}"${next === undefined ? '' : `, and goes on at ${next}`}`, () =>
      asking({}, async (asked) => {
        addAll(asked, 'Test-a', 'Test-b', 'star', 'star*');

        assert.deepEqual(await list(asked, query), { ids, next });
      }));
  }

  it('goes on where it was when the group of the token is deleted between two pages', () =>
    asking({}, async (asked) => {
      addAll(asked, 'a', 'b', 'c', 'd');
      const { next } = await list(asked, '$top=2');
      asked.ado.deleteGroup('Shop', 'b');

      assert.deepEqual((await list(asked, `$top=2&continuationToken=${String(next)}`)).ids, [1]);
    }));

  it('leaves out the groups of other projects', () =>
    asking({}, async (asked) => {
      addAll(asked, 'a');
      asked.ado.addGroup({ project: 'Other Shop', name: 'a', variables: { A: 'x' } });

      assert.deepEqual((await list(asked, '')).ids, [1]);
    }));

  const roles = { a: 'reader', b: 'user', c: 'administrator', d: 'none', e: 'creator' } as const;
  for (const [filter, ids] of [
    ['none', [3, 2, 1]],
    ['use', [3, 2]],
    ['manage', [3]],
  ] as const) {
    it(`holds what the caller may ${filter === 'none' ? 'view' : filter}: actionFilter=${filter}`, () =>
      asking({ me: { groupRoles: roles } }, async (asked) => {
        addAll(asked, 'a', 'b', 'c', 'd', 'e');

        assert.deepEqual((await list(asked, `actionFilter=${filter}`)).ids, ids);
      }));
  }
});
