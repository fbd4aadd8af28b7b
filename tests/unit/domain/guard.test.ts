import assert from 'node:assert/strict';
import { isFirstSync, planDestination, type CurrentDestination } from '#task/domain/destination-plan.js';
import { refuseIfUnsafe } from '#task/domain/guard.js';
import type { SyncSettings } from '#task/domain/settings.js';
import {
  aGroup,
  aPipeline,
  aSchema,
  noGroup,
  plainVariable,
  secretVariable,
  settings,
  wanted,
} from '../../support/builders.js';

const destination = 'variable group "web"';

function guard(
  given: Partial<SyncSettings>,
  current: CurrentDestination,
  names: string[],
  firstSync?: boolean,
): void {
  const chosen = settings(given);
  const variables = names.map((name) =>
    wanted(name, name.startsWith('EMPTY') ? '' : 'x', !name.startsWith('EMPTY')),
  );
  const plan = planDestination(chosen, { variables, names, sourceMayBeIncomplete: false }, current);
  refuseIfUnsafe({
    plan,
    settings: chosen,
    current,
    destination,
    firstSync: firstSync ?? isFirstSync(chosen, current),
  });
}

const many = (count: number, prefix = 'V'): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${String(i)}`);
const groupOf = (names: string[], rest: Partial<CurrentDestination> = {}): CurrentDestination =>
  aGroup(names.map(secretVariable), rest);
const unsafe = (message: RegExp) => ({ name: 'UnsafePlanError', message });

describe('the guard, on the first sync into an existing group', () => {
  const foreign = (): CurrentDestination => groupOf(['A', 'MINE'], { description: 'made by hand' });

  it('refuses to take anything away and names the ways out', () => {
    assert.throws(
      () => {
        guard({}, foreign(), ['A']);
      },
      unsafe(
        /first sync "shop-prod".* take away 1 variable of 2: "MINE".*disableSecretDeletion.*keySchema.*overwriteDestination/s,
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
    ['a key schema', { keySchema: aSchema('A{{secretKey}}') }],
  ] as const) {
    it(`lets it pass when ${title} decides it`, () => {
      guard(given, foreign(), ['A1']);
    });
  }

  it('lets it pass when nothing is taken away', () => {
    guard({}, foreign(), ['A', 'MINE', 'NEW']);
  });

  it('has no limit of deletions with overwriteDestination', () => {
    guard({ overwriteOnFirstSync: true, maxDeletions: 0 }, groupOf(many(30), { description: '' }), ['A']);
  });

  it('keeps the limit of deletions with a key schema alone', () => {
    const schema = aSchema('V{{secretKey}}');

    assert.throws(
      () => {
        guard({ keySchema: schema }, groupOf(many(30), { description: '' }), ['V0']);
      },
      unsafe(/take away 29 of 30 variables/),
    );
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
    const current = aGroup([
      ...many(5, 'APP_').map(secretVariable),
      ...many(40, 'OTHER').map(secretVariable),
    ]);

    assert.throws(
      () => {
        guard({ keySchema: aSchema('APP_{{secretKey}}') }, current, ['APP_0', 'APP_1']);
      },
      unsafe(/take away 3 of 5 variables/),
    );
  });

  it('counts emptied variables as taken away', () => {
    assert.throws(
      () => {
        guard({ maxDeletions: 0 }, groupOf(['EMPTY', 'B']), ['EMPTY', 'B']);
      },
      unsafe(/take away 1 of 2.*"EMPTY"/),
    );
  });

  it('refuses a group that carries another sync’s mark when no key schema narrows this one', () => {
    const current = groupOf(['A'], { description: '[infisical-sync: shop-prod]\n[infisical-sync: other]' });

    assert.throws(
      () => {
        guard({}, current, ['A']);
      },
      unsafe(/carries the mark of "other".*syncName/s),
    );
    guard({ keySchema: aSchema('A{{secretKey}}') }, current, ['AB']);
  });

  it('names the other mark when this sync’s own is missing', () => {
    const current = groupOf(['AB', 'AC'], { description: '[infisical-sync: earlier-name]' });

    assert.throws(
      () => {
        guard({ action: 'remove' }, current, ['AB']);
      },
      unsafe(/does not carry the mark of the sync "shop-prod".*"earlier-name".*set syncName/s),
    );
  });

  it('never empties a group', () => {
    const current = aGroup([plainVariable('OLD')]);

    assert.throws(
      () => {
        guard({ maxDeletions: -1 }, current, []);
      },
      unsafe(/Nothing would be left/),
    );
  });
});

describe('the guard, on remove', () => {
  it('is not bound by the limit of deletions', () => {
    guard({ action: 'remove', maxDeletions: 0 }, groupOf(many(30)), many(30));
  });

  it('has nothing to say about a group that does not exist', () => {
    guard({ action: 'remove' }, noGroup, ['A']);
  });

  it('lets a removal be run again that has taken its mark away', () => {
    guard({ action: 'remove' }, groupOf(['THEIRS'], { description: '' }), ['A']);
  });
});

describe('the guard, on a pipeline', () => {
  const narrow = { keySchema: aSchema('APP_{{secretKey}}') };
  const pipelineOf = (names: string[]): CurrentDestination => aPipeline(names.map(secretVariable));

  it('limits deletions on every run, as there is no first one', () => {
    assert.throws(
      () => {
        guard(narrow, pipelineOf(many(12, 'APP_')), ['APP_0']);
      },
      unsafe(/would take away 11 of 12 variables.*The limit is 6.*set maxDeletions to 11/s),
    );
    guard({ ...narrow, maxDeletions: 11 }, pipelineOf(many(12, 'APP_')), ['APP_0']);
  });

  it('lets it be left without a variable', () => {
    guard({ ...narrow, maxDeletions: -1 }, pipelineOf(['APP_A']), []);
  });

  it('asks for no mark before removing what matches the key schema', () => {
    guard({ ...narrow, action: 'remove' }, pipelineOf(many(12, 'APP_')), []);
  });

  it('counts an emptied value as a deletion', () => {
    assert.throws(
      () => {
        guard({ maxDeletions: 0 }, pipelineOf(['EMPTY']), ['EMPTY']);
      },
      unsafe(/would take away 1 of 1 variable/),
    );
  });
});
