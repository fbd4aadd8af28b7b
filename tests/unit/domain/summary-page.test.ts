import assert from 'node:assert/strict';
import type { Report } from '#task/domain/report.js';
import { renderFailure, renderSummary } from '#task/domain/summary.js';
import { envBlock, outputExpressions } from '#task/domain/usage.js';

const report = (rest: Partial<Report> = {}): Report => ({
  syncName: 'shop-prod',
  action: 'sync',
  status: 'synced',
  hasChanges: true,
  source: { project: 'shop', environment: 'prod', secretPath: '/api' },
  destination: { kind: 'variableGroup', project: 'Shop', name: 'web', id: 7 },
  counts: { created: 1, updated: 0, rewritten: 0, deleted: 0, kept: 1 },
  changes: [
    { name: 'A', change: 'create', because: 'new' },
    { name: 'B', change: 'keep', because: 'same' },
  ],
  warnings: [],
  notices: [],
  ...rest,
});
const headline = (rest: Partial<Report>): string => renderSummary(report(rest)).split(':')[0] ?? '';
const linesOf = (rest: Partial<Report>): string[] => renderSummary(report(rest)).split('\n');

describe('the page of a run', () => {
  it('tells of a check that passed only where one was made', () => {
    assert.match(headline({ action: 'check', status: 'planned' }), /Check passed/);
    assert.doesNotMatch(headline({ action: 'check', status: 'skipped' }), /Check passed/);
  });

  it('has its parts in order, with an empty line between two and one at the end', () => {
    const page = renderSummary(
      report({
        failure: 'It is not so:\n- one',
        warnings: ['careful', 'really'],
        notices: ['by the way'],
        usage: [{ title: 'To use them', yaml: ['env:', '  A: $(A)'] }],
      }),
    );

    assert.match(
      page,
      /^## [^\n]+\n\n\*\*Infisical\*\* [^\n]+\n\n> ❌ It is not so:\n\n> ⚠️ careful\n\n> ⚠️ really\n\nTo use them:\n\n```yaml\nenv:\n {2}A: \$\(A\)\n```\n\n\| [^\n]+\n\| ---[^\n]+\n\| ➕ create \| `A` \| {2}\| new \|\n\n✔️ [^\n]+`B`\n\n> ℹ️ by the way\n\nSync [^\n]+\n$/,
    );
  });

  it('fences what is to be copied with more backticks than stand in it', () => {
    const fence = (...yaml: string[]): string | undefined =>
      linesOf({ usage: [{ title: 'x', yaml }] }).find((line) => line.endsWith('yaml'));

    assert.deepEqual(
      [fence('a'), fence('`'), fence('a ``` b', '`````', '``')],
      ['```yaml', '```yaml', '``````yaml'],
    );
  });

  it('has no table where nothing changed, and no failure where nothing failed', () => {
    const page = renderSummary(report({ changes: [] }));

    assert.match(page, /^## [^\n]+\n\n\*\*Infisical\*\* [^\n]+\n\nSync [^\n]+\n$/);
  });

  it('says where from and where to, as far as it is known', () => {
    const route = (rest: Partial<Report>): string => linesOf(rest)[2] ?? '';
    const source = report().source;

    assert.match(route({}), /project `shop`, environment `prod`, path `\/api` → .*`web` in project `Shop`$/);
    assert.match(
      route({ source: { ...source, sync: 'to-azure' } }),
      /project `shop`, sync `to-azure`, environment/,
    );
    assert.match(route({ source: { ...source, sync: 'x', environment: '' } }), /sync `x` →/);
    assert.match(
      route({ destination: { kind: 'pipelineDefinition', project: 'Shop', name: 'nightly', id: 3 } }),
      /`nightly` \(ID 3\) in project `Shop`$/,
    );
    assert.doesNotMatch(route({ destination: { kind: 'pipelineVariables' } }), /undefined|`web`/);
  });

  it('has another headline for each outcome', () => {
    const pipelineVariables = { kind: 'pipelineVariables' } as const;
    const all = [
      headline({}),
      headline({ destination: pipelineVariables }),
      headline({ status: 'unchanged', destination: pipelineVariables }),
      headline({ status: 'removed', action: 'remove' }),
      headline({ status: 'planned', action: 'plan' }),
      headline({ status: 'planned', action: 'check' }),
      headline({ status: 'planned', action: 'check', failure: 'no' }),
      headline({ status: 'skipped', action: 'check' }),
    ];

    assert.equal(new Set(all).size, all.length);
    assert.match(all[6] ?? '', /❌/);
    assert.match(all[5] ?? '', /✅/);
    assert.match(all[1] ?? '', /Set$/);
  });

  it('shows what people wrote as they wrote it, and makes no link and no HTML of it', () => {
    const shown = (text: string): string =>
      linesOf({ notices: [text] }).find((line) => line.startsWith('> ')) ?? '';

    assert.equal(shown('a & b <c> *d*'), '> ℹ️ a &amp; b &lt;c\\> \\*d\\*');
    assert.equal(shown('x: y. z'), '> ℹ️ x: y. z');
    assert.equal(shown('http://a.b me@x'), '> ℹ️ http&#58;//a&#46;b me&#64;x');
    assert.equal(shown('end.'), '> ℹ️ end.');
  });

  it('shows an empty name, or one that a code span can’t hold, as text', () => {
    const name = (text: string): string => linesOf({ syncName: text }).at(-2)?.split(' · ')[0] ?? '';

    assert.deepEqual(['a', '', ' ', 'a`b', 'a|b'].map(name), [
      'Sync `a`',
      'Sync ',
      'Sync  ',
      'Sync a\\`b',
      'Sync a\\|b',
    ]);
  });
});

describe('the page of a run that stopped', () => {
  it('quotes the message line by line, and says what is known below it', () => {
    assert.equal(renderFailure('A.\n- b', 'Nothing.'), '## ❌ Failed\n\n> A.\n>\n> - b\n\nNothing.\n');
  });
});

describe('how variables are read', () => {
  const names = (given: string[]): string[] =>
    envBlock(given)
      .yaml.slice(1)
      .map((line) => line.trim());

  it('is a name for each that a shell can use and no other has', () => {
    assert.deepEqual(names(['a.b', 'a_b', 'A-B', '1a', 'a1']), [
      'A_B: $(a.b)',
      'A_B_2: $(a_b)',
      'A_B_3: $(A-B)',
      '_1A: $(1a)',
      'A1: $(a1)',
    ]);
  });

  it('is quoted where YAML would read something else', () => {
    assert.deepEqual(names(['A B', 'A#B', 'A: B', 'Ä']), [
      'A_B: $(A B)',
      'A_B_2: "$(A#B)"',
      'A__B: "$(A: B)"',
      '_: "$(Ä)"',
    ]);
  });

  it('is listed 200 times', () => {
    const many = (count: number): string[] =>
      names(Array.from({ length: count }, (_, index) => `N${String(index)}`));

    assert.equal(many(200).length, 200);
    assert.ok(!many(200).at(-1)?.startsWith('#'));
    assert.deepEqual([many(201).length, many(201).at(-1)], [201, '# and 1 more']);
  });

  it('names stage, job and instance as far as the YAML does', () => {
    const origin = { step: 'sync', job: 'build', jobInstance: '', stage: '' };
    const from = (rest: Partial<typeof origin>): string[] =>
      outputExpressions(['A'], { ...origin, ...rest }).map(({ yaml }) => yaml[1] ?? '');

    const plain = ["  A: $[ dependencies.build.outputs['sync.A'] ]"];
    for (const rest of [{}, { jobInstance: '__default' }, { stage: '__default' }])
      assert.deepEqual(from(rest), plain);
    assert.deepEqual(from({ jobInstance: 'linux', stage: 'Test' }), [
      "  A: $[ dependencies.build.outputs['linux.sync.A'] ]",
      "  A: $[ stageDependencies.Test.build.outputs['linux.sync.A'] ]",
    ]);
  });
});
