import assert from 'node:assert/strict';
import type { CurrentDestination } from '#task/domain/destination-plan.js';
import { aPipeline, aSchema, noGroup, secretVariable } from '../../support/builders.js';
import { guard, groupOf, many, unsafe } from '../../support/guarding.js';

describe('the guard, on remove', () => {
  it('is not bound by the limit of deletions', () => {
    guard({ action: 'remove', maxDeletions: 0 }, groupOf(many(30)), many(30));
  });

  it('has nothing to say about a group that does not exist', () => {
    guard({ action: 'remove' }, noGroup, ['A']);
  });

  for (const [title, description, way] of [
    ['none', 'by hand', /Check these inputs, or set syncName .* run action sync once/],
    [
      'of an earlier version',
      '[infisical-sync: shop-prod]',
      /write the line \[infisical-sync: shop-prod owns APP_\*\]/,
    ],
    [
      'with another key schema',
      '[infisical-sync: shop-prod owns WEB_*]',
      /"shop-prod" \(owns WEB_\*\)\. Set keySchema/,
    ],
    [
      'of another sync',
      '[infisical-sync: earlier owns APP_*]',
      /"earlier" \(owns APP_\*\).*set syncName to it/,
    ],
  ] as const) {
    it(`refuses a group without this sync’s mark, and says what to do: ${title}`, () => {
      const current = groupOf(['APP_A', 'APP_B'], { description });

      assert.throws(
        () => {
          guard({ action: 'remove', keySchema: aSchema('APP_{{secretKey}}') }, current, ['APP_A']);
        },
        (error: Error) => {
          assert.match(error.message, /has no mark of sync "shop-prod", so/);
          assert.match(error.message, way);
          return true;
        },
      );
    });
  }

  const shared = '[infisical-sync: shop-prod owns APP_*]\n[infisical-sync: web owns WEB_*]';

  it('refuses to delete the group on which another sync has its mark', () => {
    const current = groupOf(['APP_A'], { description: shared });

    assert.throws(
      () => {
        guard({ action: 'remove', keySchema: aSchema('APP_{{secretKey}}') }, current, ['APP_A']);
      },
      unsafe(/the whole group would be deleted.*the mark of sync "web" \(owns WEB_\*\)\. .*delete that line/),
    );
  });

  it('lets the rest of a shared group stay', () => {
    const current = groupOf(['APP_A', 'WEB_A'], { description: shared });

    guard({ action: 'remove', keySchema: aSchema('APP_{{secretKey}}') }, current, ['APP_A']);
  });

  it('lets a removal be run again that has taken its mark away', () => {
    guard({ action: 'remove' }, groupOf(['THEIRS'], { description: '' }), ['A']);
  });
});

describe('the guard, on a pipeline', () => {
  const narrow = { keySchema: aSchema('APP_{{secretKey}}') };
  const pipelineOf = (names: string[]): CurrentDestination => aPipeline(names.map(secretVariable));

  it('asks for consent before taking away what the source does not give, and limits it on every run', () => {
    const current = pipelineOf(many(12, 'APP_'));
    const consent = { ...narrow, overwriteOnFirstSync: true };

    assert.throws(
      () => {
        guard({ ...narrow, maxDeletions: -1 }, current, ['APP_0']);
      },
      unsafe(
        /would delete 11 of 12 variables that its key schema covers .*"APP_8" and 1 more.*A pipeline does not show.*overwriteDestination/s,
      ),
    );
    assert.throws(
      () => {
        guard(consent, current, ['APP_0']);
      },
      unsafe(/would delete or empty 11 of 12 variables.*The limit is 6.*set maxDeletions to 11/s),
    );
    guard({ ...consent, maxDeletions: 11 }, current, ['APP_0']);
    guard({ ...narrow, disableSecretDeletion: true }, current, ['APP_0']);
  });

  it('lets it be left without a variable', () => {
    guard({ ...narrow, overwriteOnFirstSync: true }, pipelineOf(['APP_A']), []);
  });

  it('asks for no mark before removing what matches the key schema', () => {
    guard({ ...narrow, action: 'remove' }, pipelineOf(many(12, 'APP_')), []);
  });

  it('counts an emptied value as a deletion', () => {
    assert.throws(
      () => {
        guard({ maxDeletions: 0 }, pipelineOf(['EMPTY']), ['EMPTY']);
      },
      unsafe(/would delete or empty 1 of 1 variable/),
    );
  });
});
