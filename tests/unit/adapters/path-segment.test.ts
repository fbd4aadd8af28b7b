import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { pathSegment } from '#task/adapters/http/path-segment.js';
import { hostileText, runs } from '../../support/hostile.js';

describe('pathSegment', () => {
  for (const text of ['', '.', '..', 'a\ud800']) {
    it(`refuses ${JSON.stringify(text)}, which no path can hold`, () => {
      assert.throws(() => pathSegment(text), {
        name: 'SyncError',
        message: /^The name or ID ".*" can’t be part of an address/,
      });
    });
  }

  it('stays one piece of the path, whatever it holds', () => {
    const text = fc.oneof(
      hostileText,
      fc
        .array(fc.constantFrom('.', '%2e', '%2E', '/', '\\', '%2f', '?', '#', 'a', ';'), { maxLength: 5 })
        .map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(text, (name) => {
        fc.pre(!['', '.', '..'].includes(name) && !/\p{Cs}/u.test(name));

        const { pathname, search, hash } = new URL(`https://host/org/${pathSegment(name)}/_apis/x`);

        assert.deepEqual(pathname.split('/').map(decodeURIComponent), ['', 'org', name, '_apis', 'x']);
        assert.equal(search + hash, '');
      }),
      runs(10_000),
    );
  });
});
