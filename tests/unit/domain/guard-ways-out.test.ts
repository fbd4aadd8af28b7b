import assert from 'node:assert/strict';
import type { SyncSettings } from '#task/domain/settings.js';
import { aSchema, noGroup } from '../../support/builders.js';
import { guard, groupOf } from '../../support/guarding.js';

function refusalOf(given: Partial<SyncSettings>, description: string): string {
  try {
    guard(given, groupOf(['APP_A', 'APP_B'], { description }), ['APP_A']);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return assert.fail('not refused');
}

describe('the guard, about a group that does not exist', () => {
  it('has nothing to say, though nothing would be in it', () => {
    guard({}, noGroup, []);
  });
});

describe('what the guard advises', () => {
  const removal = { action: 'remove', keySchema: aSchema('APP_{{secretKey}}') } as const;

  it('on remove is about the key schema where the name of the sync is among the marks', () => {
    assert.match(refusalOf(removal, '[infisical-sync: shop-prod owns WEB_*]'), /keySchema/);
    assert.match(
      refusalOf(removal, '[infisical-sync: web owns WEB_*]\n[infisical-sync: shop-prod owns WEB_*]'),
      /keySchema/,
    );
    assert.doesNotMatch(
      refusalOf(removal, '[infisical-sync: earlier owns APP_*]'),
      /keySchema|another key schema/,
    );
  });

  it('is to remove first what was written with a key schema, and only where that is so', () => {
    assert.match(refusalOf({}, '[infisical-sync: shop-prod owns APP_*]'), /action remove/);
    assert.match(
      refusalOf({}, '[infisical-sync: web owns WEB_*]\n[infisical-sync: shop-prod owns APP_*]'),
      /action remove/,
    );
    assert.doesNotMatch(
      refusalOf({}, '[infisical-sync: shop-prod owns *]\n[infisical-sync: web owns WEB_*]'),
      /action remove/,
    );
  });

  it('comes without a gap where nothing stands before it', () => {
    for (const mark of ['shop-prod owns WEB_*', 'earlier owns APP_*'])
      assert.doesNotMatch(refusalOf(removal, `[infisical-sync: ${mark}]`), / {2}/);
  });
});
