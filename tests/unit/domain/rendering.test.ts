import assert from 'node:assert/strict';
import MarkdownIt from 'markdown-it';
import { renderPlanTable } from '../../../tasks/InfisicalSecretSync/src/domain/plan-table.js';
import { countsText, type Report } from '../../../tasks/InfisicalSecretSync/src/domain/report.js';
import { renderFailure, renderSummary } from '../../../tasks/InfisicalSecretSync/src/domain/summary.js';

const report = (rest: Partial<Report> = {}): Report => ({
  syncName: 'shop-prod',
  action: 'sync',
  status: 'synced',
  hasChanges: true,
  source: { project: 'shop', environment: 'prod', secretPath: '/api' },
  destination: { kind: 'variableGroup', project: 'Shop', name: 'web-prod', id: 7 },
  counts: { created: 1, updated: 0, rewritten: 0, deleted: 1, kept: 0 },
  changes: [
    { name: 'NEW', change: 'create', because: 'new' },
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
      lines.filter((line) => /^\| `(?:NEW|OLD)/.test(line)),
      ['| `OLD` | delete | not in Infisical |', '| `NEW` | create | new |'],
    );
  });

  it('shows 200 rows and says how many more there are', () => {
    const changes = Array.from({ length: 230 }, (_, index) => ({
      name: `V${String(index)}`,
      change: 'keep' as const,
      because: 'same',
    }));

    assert.match(renderSummary(report({ changes })), /30 more in the report file/);
  });

  it('shows a plan, a run that was skipped, and warnings', () => {
    assert.match(renderSummary(report({ status: 'planned' })), /^## 📝 Plan – nothing was written/);
    assert.match(renderSummary(report({ status: 'skipped', changes: [] })), /^## ⏭️ Skipped/);
    assert.match(renderSummary(report({ warnings: ['a_b'] })), /> ⚠️ a\\_b/);
  });

  it('lets no name act as HTML, as a table cell or as a command', () => {
    const hostile = '`|<img src=x onerror=alert(1)>\n##vso[task.complete]';
    const changes = [{ name: hostile, change: 'create' as const, because: 'new' }];

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
  it('shows sign, name, change and reason in columns', () => {
    assert.deepEqual(renderPlanTable(report().changes), [
      '    VARIABLE  CHANGE   WHY',
      '  + NEW       create   new',
      '  - OLD       delete   not in Infisical',
    ]);
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
