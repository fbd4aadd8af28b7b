import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import { nameFamilies } from '#task/domain/name-families.js';
import { isHarmless } from '#task/domain/name-policy.js';
import { envBlock, outputExpressions } from '#task/domain/usage.js';
import { hostileText, runs } from '../../support/hostile.js';

const read = (lines: readonly string[]): unknown => parse(lines.join('\n'));

describe('envBlock', () => {
  it('maps each variable to a name that a shell can use, no two to the same', () => {
    assert.deepEqual(read(envBlock(['DB_URL', 'my-var', 'my.var', '2fa', 'ключ']).yaml), {
      env: {
        DB_URL: '$(DB_URL)',
        MY_VAR: '$(my-var)',
        MY_VAR_2: '$(my.var)',
        _2FA: '$(2fa)',
        ____: '$(ключ)',
      },
    });
  });

  it('gives no script a name that has power over it, however the secret is written', () => {
    const names = ['NODE_OPTIONS', 'LD-PRELOAD', 'bash env', 'npm-config.registry', 'PERLDB', 'perldb'];

    const { env } = read(envBlock(names).yaml) as { env: Record<string, string> };

    assert.deepEqual(Object.keys(env), [
      'APP_NODE_OPTIONS',
      'APP_LD_PRELOAD',
      'APP_BASH_ENV',
      'APP_NPM_CONFIG_REGISTRY',
      'PERLDB',
      'APP_PERLDB_2',
    ]);
  });

  it('never has a name of power on the left, of any names', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(hostileText, fc.constantFrom(...nameFamilies.flatMap(({ names }) => names))), {
          maxLength: 6,
        }),
        (names) => {
          const { env } = (read(envBlock(names).yaml) ?? {}) as { env?: Record<string, string> | null };
          assert.deepEqual(
            Object.keys(env ?? {}).filter((name) => !isHarmless(name)),
            [],
          );
        },
      ),
      runs(2_000),
    );
  });

  it('is YAML whatever the names hold', () => {
    const names = ['a: b', 'a #b', "it's", '"q"', '*x', '- y', 'tab\\x', 'a]b{c}'];

    const { env } = read(envBlock(names).yaml) as { env: Record<string, string> };

    assert.deepEqual(
      Object.values(env),
      names.map((name) => `$(${name})`),
    );
  });

  it('ends after 200 lines and says how many more there are', () => {
    const { yaml } = envBlock(Array.from({ length: 230 }, (_, index) => `V${String(index)}`));

    assert.equal(yaml.length, 202);
    assert.equal(yaml.at(-1), '  # and 30 more');
  });
});

describe('outputExpressions', () => {
  const origin = { step: 'sync', job: 'Build', jobInstance: '__default', stage: 'Test' };
  const shown = (names: string[], rest: Partial<typeof origin> = {}) =>
    outputExpressions(names, { ...origin, ...rest }).map(({ title, yaml }) => [title, read(yaml)]);

  it('are those of a later job and of a later stage', () => {
    assert.deepEqual(shown(['DB']), [
      [
        'In a later job of this stage, with dependsOn: Build',
        { variables: { DB: "$[ dependencies.Build.outputs['sync.DB'] ]" } },
      ],
      [
        'In a later stage, with dependsOn: Test',
        { variables: { DB: "$[ stageDependencies.Test.Build.outputs['sync.DB'] ]" } },
      ],
    ]);
  });

  it('name the job of a matrix or a deployment', () => {
    assert.deepEqual(shown(['DB'], { jobInstance: 'linux', stage: '__default' }), [
      [
        'In a later job of this stage, with dependsOn: Build',
        { variables: { DB: "$[ dependencies.Build.outputs['linux.sync.DB'] ]" } },
      ],
    ]);
  });

  it('give no job a variable that has power over it', () => {
    assert.deepEqual(shown(['NODE_OPTIONS'], { stage: '' })[0]?.[1], {
      variables: { APP_NODE_OPTIONS: "$[ dependencies.Build.outputs['sync.NODE_OPTIONS'] ]" },
    });
  });

  it('double the quotes of a name', () => {
    assert.deepEqual(shown(["it's"], { stage: '' })[0]?.[1], {
      variables: { "it's": "$[ dependencies.Build.outputs['sync.it''s'] ]" },
    });
  });
});
