import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { renderReport, type Report } from '#task/domain/report.js';
import { parseCommand } from '../../../emulators/agent/command-parser.js';
import { hostileText, runs } from '../../support/hostile.js';
import { assertInertLine } from '../../support/inert.js';

/** Every text in it that comes from outside. */
function reportOf(text: string): Report {
  return {
    syncName: 'shop-prod',
    action: 'sync',
    status: 'synced',
    hasChanges: true,
    source: { project: text, environment: text, secretPath: text },
    destination: { kind: 'variableGroup', project: text, name: text, id: 7 },
    counts: { created: 1, updated: 0, rewritten: 0, deleted: 0, kept: 0 },
    changes: [{ name: text, change: 'create', because: 'new' }],
    warnings: [text],
    notices: [text],
    usage: [{ title: 'To use them', yaml: ['env:', `  A: ${text}`] }],
  };
}

function textsIn(json: unknown): string[] {
  if (typeof json === 'string') return [json];
  return typeof json === 'object' && json !== null ? Object.values(json).flatMap(textsIn) : [];
}

/** As the file stands, and as `jq` prints what is in it. */
function assertInert(json: string): void {
  for (const line of [...json.split('\n'), ...textsIn(JSON.parse(json))]) {
    assert.equal(parseCommand(line), undefined);
    assertInertLine(line);
  }
}

describe('renderReport', () => {
  for (const text of [
    '##vso[task.complete result=Failed]',
    '###vso[task.complete result=Failed]',
    `${'#'.repeat(50)}vso[task.complete]`,
    '#\u200b#vso[task.complete]',
    '#\u00ad##vso[task.complete]',
    '##vso[a\r\n##[error]b',
    '##[section]',
    '###[error]',
    '\u009b2J\u202e',
  ]) {
    it(`holds nothing that acts on the agent or a terminal: ${JSON.stringify(text)}`, () => {
      assertInert(renderReport(reportOf(text)));
    });
  }

  it('holds nothing that acts, whatever a name is', () => {
    fc.assert(
      fc.property(hostileText, fc.nat(3), (text, signs) => {
        assertInert(renderReport(reportOf(`${'#'.repeat(signs)}${text}`)));
      }),
      runs(5_000),
    );
  });

  it('gives names as they are where they are names', () => {
    const name = 'Ünïcode-#1 [x] "q" \\';
    const report = JSON.parse(renderReport(reportOf(name))) as Report;

    assert.equal(report.changes[0]?.name, name);
  });
});
