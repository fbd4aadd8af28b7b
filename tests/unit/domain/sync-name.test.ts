import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { madeSyncName, type NamedSource } from '#task/domain/sync-name.js';

const from = (project: string, environment: string, secretPath: string): NamedSource => ({
  project,
  environment,
  secretPath,
});

describe('the made name of a sync', () => {
  it('can be read, and stays the same in every version', () => {
    assert.equal(madeSyncName(from('shop', 'prod', '/api/v1')), 'shop-prod-api-v1-iel0dk3p');
  });

  for (const [one, other] of [
    [from('shop', 'prod', '/api/v1'), from('shop', 'prod', '/api-v1')],
    [from('shop', 'prod', '/api/v1'), from('shop', 'prod', '/api_v1')],
    [from('shop', 'prod', '/Api'), from('shop', 'prod', '/api')],
    [from('shop', 'prod', '/日本'), from('shop', 'prod', '/')],
    [from('shop', 'prod', '/日本'), from('shop', 'prod', '/日曜')],
    [from('web-eu', 'prod', '/'), from('web', 'eu-prod', '/')],
    [from('web', 'prod-api', '/'), from('web', 'prod', '/api')],
    [from('shop', 'prod', `/${'a'.repeat(300)}`), from('shop', 'prod', `/${'a'.repeat(301)}`)],
  ] as const) {
    it(`tells ${Object.values(one).join(' ').slice(0, 30)} from ${Object.values(other).join(' ').slice(0, 30)}`, () => {
      assert.notEqual(madeSyncName(one), madeSyncName(other));
    });
  }

  it('is the same for a project’s ID in capitals', () => {
    const id = 'ea6e9a42-a852-4889-9d38-1f72e9760005';

    assert.equal(madeSyncName(from(id.toUpperCase(), 'prod', '/')), madeSyncName(from(id, 'prod', '/')));
  });

  it('is a name that syncName takes, short enough for several in a description, and differs where sources do', () => {
    const word = fc.stringMatching(/^[a-z0-9]+(?:[_-][a-z0-9]+)*$/).filter((text) => text.length <= 64);
    const path = fc.oneof(fc.string({ unit: 'binary' }), word).map((text) => `/${text}`);
    const source = fc.record({ project: word, environment: word, secretPath: path });
    fc.assert(
      fc.property(source, source, (one, other) => {
        const name = madeSyncName(one);

        assert.match(name, /^(?=.{1,49}$)[a-z0-9]+(?:-[a-z0-9]+)*$/);
        assert.equal(name === madeSyncName(other), JSON.stringify(one) === JSON.stringify(other));
      }),
      { numRuns: 2_000 },
    );
  });
});
