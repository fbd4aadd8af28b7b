import assert from 'node:assert/strict';
import { refuseWithheld } from '#task/domain/completeness.js';
import { mergeSource, refuseEmptySource } from '#task/domain/source.js';
import { aListedSecret, anImport, aScope, settings } from '../../support/builders.js';

const values = (secrets: { key: string; value: { reveal(): string } }[]): Record<string, string> =>
  Object.fromEntries(secrets.map(({ key, value }) => [key, value.reveal()]));
const sourceError = (message: RegExp) => ({ name: 'SourceError', message });

describe('mergeSource', () => {
  it('lets own secrets win over imports, the last import over earlier ones, the first row within one', () => {
    const merged = mergeSource(
      {
        secrets: [aListedSecret('A', 'own')],
        imports: [
          anImport('/one', [aListedSecret('A', 'one'), aListedSecret('B', 'one'), aListedSecret('C', 'one')]),
          anImport('/two', [aListedSecret('B', 'two'), aListedSecret('B', 'two, nested')]),
        ],
      },
      aScope(),
    );

    assert.deepEqual(values(merged.secrets), { A: 'own', B: 'two', C: 'one' });
  });

  it('lets an own empty value win over an import', () => {
    const imports = [anImport('/one', [aListedSecret('A', 'one')])];

    const merged = mergeSource({ secrets: [aListedSecret('A', '')], imports }, aScope());

    assert.deepEqual(values(merged.secrets), { A: '' });
  });

  it('tells of imports that gave nothing', () => {
    const merged = mergeSource({ secrets: [], imports: [anImport('/none', [])] }, aScope());

    assert.deepEqual(merged.silentImports, ['prod:/none']);
  });

  it('refuses one name in two folders and lists both', () => {
    const secrets = [aListedSecret('A', 'x', { path: '/a' }), aListedSecret('A', 'x', { path: '/b' })];

    assert.throws(
      () => mergeSource({ secrets, imports: [] }, aScope({ recursive: true })),
      sourceError(/"A" is in "\/a" and in "\/b"/),
    );
  });

  it('refuses different values from several imports when subfolders are included', () => {
    const imports = [
      anImport('/one', [aListedSecret('A', '1')]),
      anImport('/two', [aListedSecret('A', '2')]),
    ];

    assert.throws(
      () => mergeSource({ secrets: [], imports }, aScope({ recursive: true })),
      sourceError(/"A" is in "prod:\/one" and in "prod:\/two"/),
    );
  });

  it('accepts equal values from several imports, and any that an own secret covers, with subfolders', () => {
    const imports = [
      anImport('/one', [aListedSecret('A', '1'), aListedSecret('B', '1')]),
      anImport('/two', [aListedSecret('A', '1'), aListedSecret('B', '2')]),
    ];

    const merged = mergeSource(
      { secrets: [aListedSecret('B', 'own')], imports },
      aScope({ recursive: true }),
    );

    assert.deepEqual(values(merged.secrets), { A: '1', B: 'own' });
  });

  it('names hidden values in an order of its own, since Infisical promises none', () => {
    const secrets = [aListedSecret('B', 'x', { hidden: true }), aListedSecret('A', 'x', { hidden: true })];

    assert.throws(() => mergeSource({ secrets, imports: [] }, aScope()), sourceError(/"A" and "B"/));
  });

  for (const [title, row] of [
    ['the flag', aListedSecret('A', 'x', { hidden: true })],
    ['the marker', aListedSecret('A', '<hidden-by-infisical>')],
  ] as const) {
    it(`refuses a hidden value, told by ${title}`, () => {
      assert.throws(
        () => mergeSource({ secrets: [row], imports: [] }, aScope()),
        sourceError(/hides the values of "A"/),
      );
      assert.throws(
        () => mergeSource({ secrets: [], imports: [anImport('/i', [row])] }, aScope()),
        sourceError(/"A"/),
      );
    });
  }

  it('does not mind hidden values of what the tags leave out', () => {
    const secrets = [aListedSecret('A', 'x', { tags: ['web'] }), aListedSecret('B', 'x', { hidden: true })];

    assert.deepEqual(values(mergeSource({ secrets, imports: [] }, aScope({ tags: ['web'] })).secrets), {
      A: 'x',
    });
  });

  it('warns of an import whose folder is gone, and names it', () => {
    const gone = { ...anImport('/gone', []), isGone: true };

    const merged = mergeSource(
      { secrets: [], imports: [gone, anImport('/i', [aListedSecret('A')])] },
      aScope(),
    );

    assert.match(merged.warnings.join(), /Infisical has no folder any more for the import "prod:\/gone"/);
    assert.deepEqual(values(merged.secrets), { A: 'value of A' });
  });

  it('takes only tagged secrets, leaves imports out and counts them', () => {
    const listing = {
      secrets: [
        aListedSecret('A', 'x', { tags: ['web'] }),
        aListedSecret('B', 'x', { tags: ['job'] }),
        aListedSecret('C'),
      ],
      imports: [anImport('/i', [aListedSecret('D'), aListedSecret('E')])],
    };

    const merged = mergeSource(listing, aScope({ tags: ['web', 'other'] }));

    assert.deepEqual(values(merged.secrets), { A: 'x' });
    assert.deepEqual(merged.untagged, ['B', 'C', 'D', 'E']);
    assert.deepEqual(merged.notices, [
      '2 imported secrets left out: Infisical returns no tags for imported secrets, and this sync takes only secrets with the tag "web" or "other".',
    ]);
  });

  it('is stopped by nothing that tags leave out', () => {
    const listing = {
      secrets: [
        aListedSecret('A', 'x', { tags: ['web'] }),
        aListedSecret('A', 'y', { path: '/sub' }),
        aListedSecret('B', '<hidden-by-infisical>', { hidden: true, tags: [] }),
      ],
      imports: [anImport('/shared', [aListedSecret('C', '<hidden-by-infisical>')])],
    };

    const { secrets } = mergeSource(listing, aScope({ tags: ['web'] }));

    assert.deepEqual(
      secrets.map(({ key }) => key),
      ['A'],
    );
    assert.throws(() => mergeSource(listing, aScope()), /hides the values of "B" and "C"/);
  });
});

describe('refuseEmptySource', () => {
  const refusal = (secrets: string[], tags: string[]): string => {
    const scope = aScope({ tags });
    const rows = secrets.map((key) => aListedSecret(key, 'x', { tags: ['job'] }));
    try {
      refuseEmptySource(mergeSource({ secrets: rows, imports: [] }, scope), scope, settings());
      return 'none';
    } catch (error) {
      assert.ok(error instanceof Error);
      return error.message;
    }
  };

  it('advises about the path and the role where nothing came', () => {
    assert.match(refusal([], []), /^Infisical returned no secrets .*Check the path and the role\./);
    assert.match(refusal([], ['web']), /Check the path and the role\./);
  });

  it('advises about the tags where they leave out all that came', () => {
    const message = refusal(['A', 'B'], ['web', 'other']);

    assert.match(
      message,
      /^Infisical returned 2 secrets .* but none with the tag "web" or "other"\. Check the input tags/,
    );
    assert.doesNotMatch(message, /role/);
  });

  it('accepts one that has a tag', () => {
    assert.equal(refusal(['A'], ['job']), 'none');
  });
});

describe('refuseWithheld', () => {
  it('refuses what is described and was not given, with its place, wherever it is', () => {
    const described = {
      secrets: [aListedSecret('A'), aListedSecret('B', '', { path: '/api' })],
      imports: [anImport('/i', [aListedSecret('C')])],
    };
    const listing = { secrets: [aListedSecret('A')], imports: [anImport('/i', [])] };

    assert.throws(
      () => {
        refuseWithheld(listing, described, aScope());
      },
      sourceError(/Read Value[^]*"B" in "\/api"[^]*"C" in the import "prod:\/i"/),
    );
  });

  it('tells names apart that look alike where they are shown', () => {
    const [given, withheld] = ['A', 'B'].map((end) => aListedSecret(`${'LONG_'.repeat(50)}${end}`));
    assert.ok(given !== undefined && withheld !== undefined);
    const described = { secrets: [given, withheld], imports: [] };

    assert.throws(
      () => {
        refuseWithheld({ secrets: [given], imports: [] }, described, aScope());
      },
      sourceError(/did not return/),
    );
  });

  it('does not mind what is described and was not given where the tags leave it out', () => {
    const own = [aListedSecret('A', 'x', { tags: ['web'] })];
    const described = {
      secrets: [...own, aListedSecret('B')],
      imports: [anImport('/i', [aListedSecret('C')])],
    };

    refuseWithheld({ secrets: own, imports: [anImport('/i', [])] }, described, aScope({ tags: ['web'] }));
  });
});
