import assert from 'node:assert/strict';
import { isSameDestination, planDestination } from '#task/domain/destination-plan.js';
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

const desired = (...variables: ReturnType<typeof wanted>[]) => ({
  variables,
  names: variables.map(({ name }) => name),
  sourceMayBeIncomplete: false,
});

describe('planDestination', () => {
  it('creates a missing group with its mark', () => {
    const plan = planDestination(settings(), desired(wanted('A')), noGroup);

    assert.deepEqual([plan.write, plan.description], ['create', '[infisical-sync: shop-prod owns *]']);
  });

  it('creates nothing when there is nothing to put into the group', () => {
    assert.equal(planDestination(settings(), desired(), noGroup).write, 'nothing');
  });

  it('writes nothing when everything is as it should be', () => {
    const plan = planDestination(
      settings(),
      desired(wanted('A', 'x', false)),
      aGroup([plainVariable('A', 'x')]),
    );

    assert.equal(plan.write, 'nothing');
  });

  it('writes when only the mark is missing', () => {
    const current = aGroup([plainVariable('A', 'x')], { description: 'ours' });

    const plan = planDestination(settings(), desired(wanted('A', 'x', false)), current);

    assert.deepEqual([plan.write, plan.description], ['update', 'ours\n[infisical-sync: shop-prod owns *]']);
  });

  it('removes this sync’s variables and its mark, and leaves the rest', () => {
    const current = aGroup([secretVariable('A'), secretVariable('B')], {
      description: 'text\n[infisical-sync: other owns OTHER_*]\n[infisical-sync: shop-prod owns *]',
    });

    const plan = planDestination(settings({ action: 'remove' }), desired(wanted('A')), current);

    assert.deepEqual(
      [plan.write, plan.description],
      ['update', 'text\n[infisical-sync: other owns OTHER_*]'],
    );
  });

  it('removes the group only when nothing is left', () => {
    const plan = planDestination(
      settings({ action: 'remove' }),
      desired(wanted('A')),
      aGroup([secretVariable('A')]),
    );

    assert.equal(plan.write, 'delete');
  });

  for (const [title, given, current] of [
    ['a missing group', {}, noGroup],
    ['an empty source without a key schema', {}, aGroup([secretVariable('A')])],
    [
      'a group that an earlier run has put right',
      { keySchema: aSchema('APP_{{secretKey}}') },
      aGroup([secretVariable('B')], { description: 'theirs \n' }),
    ],
  ] as const) {
    it(`removes nothing: ${title}`, () => {
      assert.equal(
        planDestination(settings({ action: 'remove', ...given }), desired(), current).write,
        'nothing',
      );
    });
  }

  it('says that its mark stays where nothing is removed, unless there is none', () => {
    const noticesFor = (description: string): string =>
      planDestination(
        settings({ action: 'remove' }),
        desired(wanted('A')),
        aGroup([secretVariable('OTHER')], { description }),
      ).notices.join();

    assert.match(
      noticesFor('[infisical-sync: shop-prod owns *]'),
      /^No variable .* nothing was removed, and the mark of the sync stays\./,
    );
    assert.match(noticesFor('text'), /^No variable .* nothing was removed\. If you/);
  });

  it('removes what matches the key schema even when the source is empty', () => {
    const keySchema = aSchema('APP_{{secretKey}}');
    const current = aGroup([secretVariable('APP_A'), secretVariable('B')], {
      description: '[infisical-sync: shop-prod owns APP_*]',
    });

    const plan = planDestination(settings({ action: 'remove', keySchema }), desired(), current);

    assert.deepEqual(
      plan.changes.map(({ kind, name }) => `${kind} ${name}`),
      ['delete APP_A', 'keep B'],
    );
    assert.equal(plan.write, 'update');
  });
});

describe('planDestination, for a pipeline', () => {
  const narrow = { keySchema: aSchema('APP_{{secretKey}}') };
  const shown = (
    chosen: Parameters<typeof settings>[0],
    wantedNow: ReturnType<typeof wanted>[],
    current: Parameters<typeof aPipeline>[0],
  ): string[] => {
    const plan = planDestination(settings(chosen), desired(...wantedNow), aPipeline(current));
    return [
      plan.write,
      plan.description,
      ...plan.changes.map(({ kind, name, because }) => `${kind} ${name}: ${because}`),
    ];
  };

  it('writes no mark, and without a key schema takes nothing away', () => {
    assert.deepEqual(shown({}, [wanted('A')], [secretVariable('B')]), [
      'update',
      '',
      'create A: new',
      'keep B: not from this source',
    ]);
  });

  it('takes away what matches the key schema and is not in Infisical', () => {
    assert.deepEqual(
      shown(
        narrow,
        [wanted('APP_A', 'x', false)],
        [plainVariable('APP_A', 'x'), secretVariable('APP_B'), secretVariable('C')],
      ),
      ['update', '', 'keep APP_A: same', 'delete APP_B: not in Infisical', 'keep C: outside the key schema'],
    );
  });

  it('may be left without a variable, and is never deleted itself', () => {
    const removal = { ...narrow, action: 'remove', overwriteOnFirstSync: true } as const;

    assert.deepEqual(shown(removal, [], [secretVariable('APP_A')]), ['update', '', 'delete APP_A: removed']);
  });

  it('keeps what only matches the key schema from a removal that nobody told to take it, too', () => {
    assert.deepEqual(
      shown(
        { ...narrow, action: 'remove' },
        [wanted('APP_A')],
        [secretVariable('APP_A'), secretVariable('APP_B')],
      ),
      ['update', '', 'delete APP_A: removed', 'keep APP_B: not known to belong to this sync'],
    );
  });

  it('is not written when there is nothing to remove', () => {
    assert.equal(shown({ ...narrow, action: 'remove' }, [], [secretVariable('B')])[0], 'nothing');
  });
});

describe('isSameDestination', () => {
  const found = aPipeline([secretVariable('A'), plainVariable('B', 'x')]);

  for (const [title, other, same] of [
    ['the order does not matter', aPipeline([plainVariable('B', 'x'), secretVariable('A')]), true],
    ['a new variable', aPipeline([secretVariable('A'), plainVariable('B', 'x'), secretVariable('C')]), false],
    ['one that is gone', aPipeline([secretVariable('A')]), false],
    ['another name', aPipeline([secretVariable('A'), plainVariable('C', 'x')]), false],
    ['another value', aPipeline([secretVariable('A'), plainVariable('B', 'y')]), false],
    ['a secret that became plain', aPipeline([plainVariable('A'), plainVariable('B', 'x')]), false],
    ['another description', { ...found, description: '[infisical-sync: theirs]' }, false],
    ['one that was deleted', { ...found, exists: false }, false],
  ] as const) {
    it(`${title}: ${same ? 'the same' : 'another'}`, () => {
      assert.equal(isSameDestination(found, other), same);
    });
  }
});
