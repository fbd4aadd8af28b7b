import assert from 'node:assert/strict';
import type { CurrentDestination } from '#task/domain/destination-plan.js';
import type { SyncSettings } from '#task/domain/settings.js';
import { aGroup, aSchema, plainVariable, secretVariable } from '../../support/builders.js';
import { guard, groupOf, many, unsafe } from '../../support/guarding.js';

describe('the guard, on the first sync into an existing group', () => {
  const foreign = (): CurrentDestination => groupOf(['A', 'MINE'], { description: 'made by hand' });

  it('refuses to take anything away and names the ways out', () => {
    assert.throws(
      () => {
        guard({}, foreign(), ['A']);
      },
      unsafe(
        /first sync "shop-prod".* delete or empty 1 of 2 variables: "MINE".*disableSecretDeletion.*keySchema.*overwriteDestination/s,
      ),
    );
  });

  it('refuses to empty a variable', () => {
    assert.throws(
      () => {
        guard({}, groupOf(['EMPTY'], { description: '' }), ['EMPTY']);
      },
      unsafe(/"EMPTY"/),
    );
  });

  for (const [title, given] of [
    ['overwriteDestination', { overwriteOnFirstSync: true }],
    ['disableSecretDeletion', { disableSecretDeletion: true }],
  ] as const) {
    it(`lets it pass when ${title} decides it`, () => {
      guard(given, foreign(), ['A']);
    });
  }

  it('lets it pass when nothing is taken away', () => {
    guard({}, foreign(), ['A', 'MINE', 'NEW']);
  });

  it('has no limit of deletions with overwriteDestination', () => {
    guard({ overwriteOnFirstSync: true, maxDeletions: 0 }, groupOf(many(30), { description: '' }), ['A']);
  });

  it('takes a key schema for no consent: what matches it may be anybody’s', () => {
    const schema = { keySchema: aSchema('APP_{{secretKey}}') };
    const current = groupOf(['APP_A', 'APP_LEGACY', 'B'], { description: 'by hand' });

    assert.throws(
      () => {
        guard(schema, current, ['APP_A']);
      },
      unsafe(/first sync.*"APP_LEGACY"\. Nothing shows that this sync has written it\./s),
    );
    guard({ ...schema, overwriteOnFirstSync: true }, current, ['APP_A']);
    guard(schema, current, ['APP_A', 'APP_LEGACY']);
  });

  it('takes a mark with another key schema for no consent', () => {
    const current = groupOf(['WEB_A'], { description: '[infisical-sync: shop-prod owns APP_*]' });

    assert.throws(
      () => {
        guard({ keySchema: aSchema('WEB_{{secretKey}}') }, current, ['WEB_B']);
      },
      unsafe(/"WEB_A".*the mark of this sync with another key schema: "shop-prod" \(owns APP_\*\)/s),
    );
  });

  it('takes a mark of an earlier version, which does not say what it owns, for no consent', () => {
    const current = groupOf(['A', 'B'], { description: '[infisical-sync: shop-prod]' });

    assert.throws(() => {
      guard({}, current, ['A']);
    }, unsafe(/"B"/));
    guard({}, current, ['A', 'B']);
  });

  it('is decided once per run', () => {
    guard({ overwriteOnFirstSync: true }, groupOf(many(30)), ['A'], true);
  });
});

describe('the guard, later', () => {
  const cases: [
    title: string,
    existing: number,
    left: number,
    given: Partial<SyncSettings>,
    refused: boolean,
  ][] = [
    ['2 of 3 pass although they are more than half', 3, 1, {}, false],
    ['3 of 6 are half', 6, 3, {}, false],
    ['3 of 5 are more than half', 5, 2, {}, true],
    ['10 of 40 pass', 40, 30, {}, false],
    ['11 of 40 are too many', 40, 29, {}, true],
    ['a number replaces both limits', 40, 10, { maxDeletions: 30 }, false],
    ['a number can be stricter', 40, 39, { maxDeletions: 0 }, true],
    ['-1 is no limit', 40, 1, { maxDeletions: -1 }, false],
  ];
  for (const [title, existing, left, given, refused] of cases) {
    it(`${title}: ${refused ? 'refused' : 'allowed'}`, () => {
      const run = (): void => {
        guard(given, groupOf(many(existing)), many(existing).slice(0, left));
      };

      if (refused) assert.throws(run, unsafe(/The limit is \d+.*set maxDeletions to \d+/s));
      else assert.doesNotThrow(run);
    });
  }

  it('counts only what is in scope of the key schema', () => {
    const current = aGroup(
      [
        ...many(5, 'APP_').map(secretVariable),
        ...many(20, 'APP_WEB_').map(secretVariable),
        ...many(40, 'OTHER').map(secretVariable),
      ],
      { description: '[infisical-sync: shop-prod owns APP_*]\n[infisical-sync: web owns APP_WEB_*]' },
    );

    assert.throws(
      () => {
        guard({ keySchema: aSchema('APP_{{secretKey}}') }, current, ['APP_0', 'APP_1']);
      },
      unsafe(/delete or empty 3 of 5 variables/),
    );
  });

  it('counts emptied variables as taken away', () => {
    assert.throws(
      () => {
        guard({ maxDeletions: 0 }, groupOf(['EMPTY', 'B']), ['EMPTY', 'B']);
      },
      unsafe(/delete or empty 1 of 2 .*"EMPTY"/),
    );
  });

  it('refuses a group that carries another sync’s mark when no key schema narrows this one', () => {
    const current = groupOf(['A'], {
      description: '[infisical-sync: shop-prod owns *]\n[infisical-sync: other]',
    });

    assert.throws(
      () => {
        guard({}, current, ['A']);
      },
      unsafe(/belongs to sync "other"; this is sync "shop-prod", which has no key schema.*syncName/s),
    );
    guard({ keySchema: aSchema('A{{secretKey}}') }, current, ['AB']);
  });

  it('names the other mark when this sync’s own is missing', () => {
    const current = groupOf(['AB', 'AC'], { description: '[infisical-sync: earlier-name]' });

    assert.throws(
      () => {
        guard({ action: 'remove' }, current, ['AB']);
      },
      unsafe(/has no mark of sync "shop-prod".*"earlier-name".*set syncName/s),
    );
  });

  it('refuses to write what belongs to another sync, whose key schema is narrower', () => {
    const current = groupOf(['APP_WEB_A'], {
      description: '[infisical-sync: shop-prod owns APP_*]\n[infisical-sync: web owns APP_WEB_*]',
    });

    assert.throws(
      () => {
        guard({ keySchema: aSchema('APP_{{secretKey}}') }, current, ['APP_B', 'app_web_a', 'APP_WEB_NEW']);
      },
      unsafe(
        /2 variables in .* that belong to another sync .*"web" \(owns APP_WEB_\*\): "app_web_a" and "APP_WEB_NEW"\./s,
      ),
    );
  });

  it('never empties a group', () => {
    const current = aGroup([plainVariable('OLD')]);

    assert.throws(
      () => {
        guard({ maxDeletions: -1 }, current, []);
      },
      unsafe(/would leave no variable in .*delete it by hand/),
    );
  });
});
