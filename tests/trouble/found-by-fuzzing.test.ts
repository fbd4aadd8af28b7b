import assert from 'node:assert/strict';
import { parseConfig } from '#task/config/config.js';
import * as fields from '#task/config/fields.js';
import { readInputs } from '#task/config/inputs.js';
import { desiredNotices } from '#task/domain/desired.js';
import { keySchemaProblem, parseKeySchema } from '#task/domain/key-schema.js';
import { markedDescription, unmarkedDescription } from '#task/domain/mark.js';
import { everyName } from '#task/domain/name-pattern.js';
import { nameProblem } from '#task/domain/name-policy.js';
import { unsettable } from '#task/domain/run-variables.js';
import { mergeSource } from '#task/domain/source.js';
import { renderSummary } from '#task/domain/summary.js';
import { harmless, quoted, shown } from '#task/domain/text.js';
import { aListedSecret, aScope, wanted } from '../support/builders.js';
import { elementsOf } from '../support/inert.js';

/** What the fuzz tests found, each in its smallest form. */

describe('a description with old line ends', () => {
  const ours = { syncName: 'ours', pattern: everyName };

  it('loses the mark on removal, and keeps its other lines to the letter', () => {
    assert.equal(
      unmarkedDescription('text\r[infisical-sync: ours owns *]\rmore\r\nend', ours),
      'text\rmore\r\nend',
    );
  });

  it('does not get its marks twice with a new text', () => {
    const after = markedDescription('old\r[infisical-sync: ours owns *]', ours, 'new');

    assert.equal(after, 'new\n[infisical-sync: ours owns *]');
  });
});

describe('an environment in a key schema', () => {
  it('stands there as it is, with a dollar sign or a placeholder in it', () => {
    assert.equal(parseKeySchema('{{environment}}_{{secretKey}}').in('$&').nameFor('K'), '$&_K');
    assert.equal(
      parseKeySchema('{{environment}}_{{secretKey}}').in('{{secretKey}}').nameFor('K'),
      '{{secretKey}}_K',
    );
  });
});

describe('a text of millions of characters in a sync of Infisical', () => {
  it('is judged like a short one', () => {
    assert.equal(keySchemaProblem(`${'x'.repeat(16_000_000)}{{secretKey}}`), undefined);
    assert.match(
      fields.syncName.safeParse('a-'.repeat(8_000_000)).error?.issues[0]?.message ?? '',
      /^is "a-a-.*at most 256 characters$/,
    );
  });
});

describe('a name of a run’s variable', () => {
  it('may not hold "=", of which the agent swallows some and the environment the rest', () => {
    assert.match(nameProblem('=A', 'secret') ?? '', /^the name contains "="/);
  });

  it('may not hold a percent code where the agent would decode it', () => {
    assert.match(
      unsettable([wanted('A%3B')], { decodesPercents: false })[0] ?? '',
      /"A%3B": the name contains a percent/,
    );
    assert.deepEqual(unsettable([wanted('A%3B')], { decodesPercents: true }), []);
  });
});

describe('shown text', () => {
  it('has no half characters, and none is cut in two', () => {
    assert.equal(harmless('a\ud800b'), 'a b');
    assert.equal(shown('🚀'.repeat(300)), `${'🚀'.repeat(200)}…`);
    assert.equal(Array.from(quoted('##['.repeat(200))).length, 203);
  });

  it('has no invisible characters that a search may skip, whatever their class', () => {
    assert.equal(harmless('#\u034f#\ufe0fvso[\u3164'), '# # vso[ ');
  });

  it('is no link on a summary, and no empty code that the next one ends', () => {
    const report = (project: string, warning: string) =>
      renderSummary({
        syncName: 's',
        action: 'sync',
        status: 'unchanged',
        hasChanges: false,
        source: { project, environment: '', secretPath: '/' },
        destination: { kind: 'variableGroup', project: '', name: 'g' },
        counts: { created: 0, updated: 0, rewritten: 0, deleted: 0, kept: 0 },
        changes: [],
        warnings: [warning],
        notices: [],
      });

    assert.equal(elementsOf(report('x', '[x]: http://evil a@b.cd www.evil.com'))['a'], undefined);
    assert.deepEqual(elementsOf(report('', 'x'))['strong'], 2);
  });
});

describe('texts that take long to search', () => {
  const within = (milliseconds: number, what: () => unknown): void => {
    const start = performance.now();
    what();
    assert.ok(performance.now() - start < milliseconds);
  };
  const many = 100_000;
  const value = (text: string) => ({ secrets: [aListedSecret('A', text)], imports: [] });

  it('are read once: a marker and blanks', () => {
    within(2_000, () => harmless(`##${' '.repeat(many)}`));
  });

  it('are read once: beginnings of references without an end', () => {
    within(2_000, () => mergeSource(value('${@'.repeat(many)), aScope()));
    within(2_000, () => mergeSource(value('${a.'.repeat(many)), aScope()));
    within(2_000, () => desiredNotices([wanted('A', '$('.repeat(many))]));
  });

  it('are read once: an input of beginnings', () => {
    within(2_000, () => {
      assert.throws(() => parseConfig(readInputs(() => '$('.repeat(many))), { name: 'ConfigError' });
    });
  });
});
