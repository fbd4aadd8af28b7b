import assert from 'node:assert/strict';
import { namesOnly } from '#task/domain/names-only.js';
import { aListedSecret, anImport, aScope } from '../../support/builders.js';

const keysOf = (...given: Parameters<typeof namesOnly>): string[] =>
  namesOnly(...given)
    .secrets.map(({ key }) => key)
    .sort();

describe('the names of a source', () => {
  const listing = {
    secrets: [
      aListedSecret('A', '<hidden-by-infisical>', { hidden: true, tags: ['web'] }),
      aListedSecret('B', '${gone.X}', { tags: [] }),
      aListedSecret('B', 'x', { path: '/sub', tags: ['web', 'job'] }),
    ],
    imports: [anImport('/shared', [aListedSecret('A', 'y'), aListedSecret('C', 'z')])],
  };

  it('are each given once, whatever is wrong with the values', () => {
    assert.deepEqual(keysOf(listing, aScope()), ['A', 'B', 'C']);
  });

  it('are those that carry one of the tags, which imported secrets never do', () => {
    assert.deepEqual(keysOf(listing, aScope({ tags: ['job', 'other'] })), ['B']);
    assert.deepEqual(keysOf(listing, aScope({ tags: ['other'] })), []);
  });
});
