import assert from 'node:assert/strict';
import { honeyTokenNotices } from '#task/domain/honey-tokens.js';
import { aListedSecret, anImport, aSecret } from '../../support/builders.js';

describe('honeyTokenNotices', () => {
  const bait = { isHoneyToken: true };

  it('names bait of the folder and of imports, sorted, and nothing else', () => {
    const listing = {
      secrets: [aListedSecret('Z', 'z', bait), aListedSecret('PLAIN')],
      imports: [anImport('/shared', [aListedSecret('A', 'a', bait)])],
    };

    const [notice = '', ...more] = honeyTokenNotices(listing, [
      aSecret('Z', 'z'),
      aSecret('PLAIN'),
      aSecret('A', 'a'),
    ]);

    assert.deepEqual(more, []);
    assert.match(notice, /^2 secrets are honey tokens of Infisical: "A" and "Z"\./);
  });

  it('does not name bait that another secret of its name hides, or that is not synced', () => {
    const listing = {
      secrets: [aListedSecret('A', 'own')],
      imports: [anImport('/shared', [aListedSecret('A', 'bait', bait), aListedSecret('B', 'b', bait)])],
    };

    assert.deepEqual(honeyTokenNotices(listing, [aSecret('A', 'own')]), []);
  });
});
