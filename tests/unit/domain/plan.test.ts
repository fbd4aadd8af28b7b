import assert from 'node:assert/strict';
import { planRemove, planSync, takesAway, type Change } from '#task/domain/plan.js';
import { aPolicy, aSchema, plainVariable, secretVariable, wanted } from '../../support/builders.js';

const shown = (changes: Change[]): string[] =>
  changes.map(({ kind, name, because }) => `${kind} ${name}: ${because}`);

describe('planSync', () => {
  const one = [
    ['creates what is missing', wanted('A'), undefined, 'create A: new'],
    [
      'rewrites a secret, which can’t be compared',
      wanted('A'),
      secretVariable('A'),
      'rewrite A: a secret can’t be compared',
    ],
    ['turns a plain variable into a secret', wanted('A'), plainVariable('A'), 'update A: becomes secret'],
    [
      'turns a secret into a plain variable',
      wanted('A', 'x', false),
      secretVariable('A'),
      'update A: becomes plain',
    ],
    ['keeps an equal plain variable', wanted('A', 'x', false), plainVariable('A', 'x'), 'keep A: same'],
    [
      'updates a plain variable that differs',
      wanted('A', 'x', false),
      plainVariable('A', 'y'),
      'update A: different',
    ],
    [
      'keeps the destination’s spelling',
      wanted('db_url', 'x', false),
      plainVariable('DB_URL', 'x'),
      'keep DB_URL: same',
    ],
    ['empties a secret', wanted('A', '', false), secretVariable('A'), 'update A: emptied'],
    ['empties a plain variable', wanted('A', '', false), plainVariable('A', 'x'), 'update A: emptied'],
    [
      'keeps a plain variable that is empty already',
      wanted('A', '', false),
      plainVariable('A', ''),
      'keep A: same',
    ],
    [
      'fills an empty plain variable with a secret',
      wanted('A', 'x'),
      plainVariable('A', ''),
      'update A: becomes secret',
    ],
  ] as const;
  for (const [title, want, have, expected] of one) {
    it(title, () => {
      const changes = planSync([want], have === undefined ? [] : [have], aPolicy());

      assert.deepEqual(shown(changes), [expected]);
    });
  }

  it('tells a secret that tags leave out from one that is not in Infisical, whatever its case', () => {
    const policy = aPolicy({ untagged: ['old_key', 'A'] });

    assert.deepEqual(
      shown(planSync([wanted('A')], ['A', 'OLD_KEY', 'OLD_TOKEN'].map(secretVariable), policy)),
      [
        'rewrite A: a secret can’t be compared',
        'delete OLD_KEY: has no matching tag',
        'delete OLD_TOKEN: not in Infisical',
      ],
    );
  });

  it('deletes what is not in Infisical when the whole group is the sync’s', () => {
    assert.deepEqual(shown(planSync([], [secretVariable('OLD')], aPolicy())), [
      'delete OLD: not in Infisical',
    ]);
  });

  it('never touches a variable that does not match the key schema', () => {
    const policy = aPolicy({ keySchema: aSchema('APP_{{secretKey}}') });

    const changes = planSync([wanted('APP_A')], [secretVariable('OTHER'), secretVariable('app_old')], policy);

    assert.deepEqual(shown(changes), [
      'create APP_A: new',
      'delete app_old: not in Infisical',
      'keep OTHER: outside the key schema',
    ]);
  });

  for (const [policy, reason] of [
    [{ disableSecretDeletion: true }, 'deletion disabled'],
    [{ sourceMayBeIncomplete: true }, 'an import gave no secret'],
  ] as const) {
    it(`takes nothing away: ${reason}`, () => {
      const changes = planSync(
        [wanted('EMPTY', '', false)],
        [secretVariable('EMPTY'), secretVariable('OLD')],
        aPolicy(policy),
      );

      assert.deepEqual(shown(changes), [`keep EMPTY: ${reason}`, `keep OLD: ${reason}`]);
    });
  }

  it('sorts by name without case', () => {
    const changes = planSync([wanted('b'), wanted('A'), wanted('C')], [], aPolicy());

    assert.deepEqual(
      changes.map(({ name }) => name),
      ['A', 'b', 'C'],
    );
  });
});

describe('planRemove', () => {
  const removal = (schema: string) => ({ ...aPolicy({ keySchema: aSchema(schema) }), takesUnproven: true });

  it('takes out the names that the source gives and leaves the others', () => {
    const changes = planRemove(['a'], [secretVariable('A'), plainVariable('OTHER')], removal(''));

    assert.deepEqual(shown(changes), ['delete A: removed', 'keep OTHER: not from this source']);
  });

  it('takes out everything that matches the key schema', () => {
    const changes = planRemove(
      [],
      [secretVariable('APP_OLD'), plainVariable('OTHER')],
      removal('APP_{{secretKey}}'),
    );

    assert.deepEqual(shown(changes), ['delete APP_OLD: removed', 'keep OTHER: outside the key schema']);
  });
});

describe('takesAway', () => {
  it('counts an emptied variable as taken away, a rewritten one not', () => {
    const [emptied] = planSync([wanted('A', '', false)], [secretVariable('A')], aPolicy());
    const [rewritten] = planSync([wanted('A')], [secretVariable('A')], aPolicy());

    assert.deepEqual(
      [emptied, rewritten].map((change) => change !== undefined && takesAway(change)),
      [true, false],
    );
  });
});
