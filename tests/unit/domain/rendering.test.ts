import assert from 'node:assert/strict';
import MarkdownIt from 'markdown-it';
import { renderPlanTable } from '#task/domain/plan-table.js';
import { countsText, overviewOf, type Report } from '#task/domain/report.js';
import { renderFailure, renderSummary } from '#task/domain/summary.js';

const report = (rest: Partial<Report> = {}): Report => ({
  syncName: 'shop-prod',
  action: 'sync',
  status: 'synced',
  hasChanges: true,
  source: { project: 'shop', environment: 'prod', secretPath: '/api' },
  destination: { kind: 'variableGroup', project: 'Shop', name: 'web-prod', id: 7 },
  counts: { created: 1, updated: 0, rewritten: 0, deleted: 1, kept: 0 },
  changes: [
    { name: 'NEW', change: 'create', type: 'secret', because: 'new' },
    { name: 'OLD', change: 'delete', because: 'not in Infisical' },
  ],
  warnings: [],
  notices: [],
  ...rest,
});

describe('renderSummary', () => {
  it('begins with what happened and puts deletions first', () => {
    const lines = renderSummary(report()).split('\n');

    assert.equal(lines[0], '## ✅ Synced: 1 created, 1 deleted');
    assert.deepEqual(
      lines.filter((line) => /`(?:NEW|OLD)`/.test(line)),
      ['| 🗑️ delete | `OLD` |  | not in Infisical |', '| ➕ create | `NEW` | secret | new |'],
    );
  });

  it('puts what stays as it is below the changes, in one line for each reason', () => {
    const same = 'a secret can’t be compared';
    const changes: Report['changes'] = [
      { name: 'A', change: 'rewrite', because: same },
      { name: 'B', change: 'keep', type: 'plain', because: 'same' },
      { name: 'C', change: 'update', type: 'plain', because: 'becomes plain' },
      { name: 'D', change: 'rewrite', because: same },
      { name: 'E', change: 'keep', because: 'outside the key schema' },
    ];
    const below = (status: Report['status']): string[] =>
      renderSummary(report({ changes, status }))
        .split('\n')
        .filter((line) => /^(?:\| .*`|🔁|✔️)/u.test(line));

    assert.deepEqual(below('synced'), [
      '| ✏️ update | `C` | **plain** | becomes plain |',
      '🔁 **2 rewritten**, a secret can’t be compared: `A`, `D`',
      '✔️ **1 kept**, same: `B` (**plain**)',
      '✔️ **1 kept**, outside the key schema: `E`',
    ]);
    assert.match(below('planned')[1] ?? '', /^🔁 \*\*2 to rewrite\*\*/);
  });

  it('warns before it lists, and leaves what is only worth knowing to the end', () => {
    const markdown = renderSummary(report({ warnings: ['mend it'], notices: ['a remark'] }));

    assert.ok(markdown.indexOf('mend it') < markdown.indexOf('`OLD`'));
    assert.ok(markdown.indexOf('`OLD`') < markdown.indexOf('a remark'));
  });

  it('shows 200 names, the changed ones first, and says how many more there are', () => {
    const many = (count: number, change: 'create' | 'rewrite' | 'keep'): Report['changes'] =>
      Array.from({ length: count }, (_, index) => ({
        name: `${change}${String(index)}`,
        change,
        because: 'x',
      }));
    const shown = (changes: Report['changes']): [names: number, more: string[]] => {
      const markdown = renderSummary(report({ changes }));
      return [
        (markdown.match(/`(?:create|rewrite|keep)\d+`/g) ?? []).length,
        markdown.match(/\d+ more in the report file/g) ?? [],
      ];
    };

    assert.deepEqual(shown(many(230, 'keep')), [200, ['30 more in the report file']]);
    assert.deepEqual(shown(many(230, 'create')), [200, ['30 more in the report file']]);
    assert.deepEqual(shown([...many(150, 'keep'), ...many(30, 'rewrite'), ...many(120, 'create')]), [
      200,
      ['100 more in the report file'],
    ]);
    assert.deepEqual(shown([...many(5, 'keep'), ...many(200, 'create')]), [
      200,
      ['5 more in the report file'],
    ]);
    assert.deepEqual(shown(many(200, 'create')), [200, []]);
  });

  it('shows a plan, a run that was skipped, and warnings', () => {
    assert.match(renderSummary(report({ status: 'planned' })), /^## 📝 Plan – nothing was written/);
    assert.match(
      renderSummary(report({ status: 'skipped', changes: [] })),
      /^## ⏭️ Skipped – nothing was written\n/,
    );
    assert.match(renderSummary(report({ warnings: ['a_b'] })), /> ⚠️ a\\_b/);
  });

  it('says of a check whether it could compare everything', () => {
    const headline = (rest: Partial<Report>): string | undefined =>
      renderSummary(report({ action: 'check', status: 'planned', ...rest })).split(/[–\n]/)[0];

    assert.equal(headline({}), '## ✅ Check passed ');
    assert.equal(headline({ warnings: ['"A" could not be compared'] }), '## ⚠️ Check passed with warnings ');
    assert.equal(headline({ warnings: ['x'], failure: 'Check failed.' }), '## ❌ Check failed ');
  });

  it('lets no name act as HTML, as a table cell or as a command', () => {
    const hostile = '`|<img src=x onerror=alert(1)>\n##vso[task.complete]';
    const changes = [
      { name: hostile, change: 'create' as const, because: 'new' },
      { name: hostile, change: 'keep' as const, because: 'same' },
    ];

    const markdown = renderSummary(report({ changes, warnings: [hostile] }));
    const html = new MarkdownIt({ html: true }).render(markdown);

    assert.doesNotMatch(html, /<img/);
    assert.equal(html.match(/<tr>/g)?.length, 2);
    assert.doesNotMatch(markdown, /##vso\[/);
  });
});

describe('renderFailure', () => {
  it('shows the message as text and what it means for the destination', () => {
    const html = new MarkdownIt().render(renderFailure('Not <b>so</b>:\n- "A"', 'Nothing was written.'));

    assert.match(html, /<h2>❌ Failed<\/h2>/);
    assert.match(html, /Not &lt;b&gt;so&lt;\/b&gt;:/);
    assert.match(html, /Nothing was written\./);
  });
});

describe('renderPlanTable', () => {
  it('shows sign, name, change, type and reason in columns, and what is plain stands out', () => {
    const changes: Report['changes'] = [
      ...report().changes,
      { name: 'REGION', change: 'update', type: 'plain', because: 'becomes plain' },
    ];

    assert.deepEqual(renderPlanTable(changes), [
      '    VARIABLE  CHANGE   TYPE    WHY',
      '  + NEW       create   secret  new',
      '  - OLD       delete           not in Infisical',
      '  ~ REGION    update   PLAIN   becomes plain',
    ]);
  });

  it('has no header where there is nothing below it', () => {
    assert.deepEqual(renderPlanTable([]), []);
  });

  it('gives a name that is wider than its column a line of its own, and stays within 120 characters', () => {
    const long = 'N'.repeat(61);
    const because = 'not known to belong to this sync';
    const lines = renderPlanTable([
      { name: long, change: 'keep', because },
      { name: 'A', change: 'rewrite', type: 'secret', because },
    ]);

    assert.equal(lines[1], `    ${long}`);
    assert.deepEqual(
      lines.slice(2).map((line) => line.search(/keep|rewrite/)),
      [66, 66],
    );
    assert.ok(lines.every((line) => line.length <= 120));
  });
});

describe('what is new', () => {
  const place = (existed: boolean): Report['destination'] => ({
    kind: 'variableGroup',
    project: 'Shop',
    name: 'web-prod',
    existed,
  });
  const summaryOf = (existed: boolean): string => renderSummary(report({ destination: place(existed) }));

  it('is a group that was not there', () => {
    assert.match(summaryOf(false), /→ \*\*Azure DevOps\*\* \*\*new\*\* variable group `web-prod`/);
    assert.match(summaryOf(true), /→ \*\*Azure DevOps\*\* variable group `web-prod`/);
  });

  it('is no group of which a removal finds nothing', () => {
    const nothing = report({ action: 'remove', status: 'unchanged', changes: [], destination: place(false) });

    assert.match(renderSummary(nothing), /^## ✅ Nothing to do: the variable group does not exist\n/);
    assert.doesNotMatch(renderSummary(nothing), /new/);
  });
});

describe('overviewOf', () => {
  it('says beside the counts what is plain, and what is emptied', () => {
    const changes: Report['changes'] = [
      { name: 'A', change: 'create', type: 'plain', because: 'new' },
      { name: 'B', change: 'update', type: 'plain', because: 'emptied' },
      { name: 'C', change: 'keep', type: 'secret', because: 'same' },
    ];
    const counts = { created: 1, updated: 1, rewritten: 0, deleted: 0, kept: 1 };

    assert.equal(
      overviewOf({ counts, changes }, 'planned'),
      '1 to create, 1 to update, 1 to keep; 2 plain, 1 emptied',
    );
    assert.equal(overviewOf({ counts, changes: changes.slice(2) }, 'done'), '1 created, 1 updated, 1 kept');
  });
});

describe('countsText', () => {
  it('leaves out what did not happen', () => {
    assert.equal(
      countsText({ created: 0, updated: 2, rewritten: 1, deleted: 0, kept: 3 }),
      '2 updated, 1 rewritten, 3 kept',
    );
    assert.equal(countsText({ created: 0, updated: 0, rewritten: 0, deleted: 0, kept: 0 }), 'no variables');
  });
});
