import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { commandWith } from '#task/adapters/agent/commands.js';
import { comparableTime } from '#task/adapters/azure-devops/modified-on.js';
import { retryAfterMs } from '#task/adapters/http/retry-timing.js';
import { parseKeySchema } from '#task/domain/key-schema.js';
import { comparableMarks, markedDescription, unmarkedDescription } from '#task/domain/mark.js';
import { matchesPattern, parsePattern, patternText } from '#task/domain/name-pattern.js';
import { renderPlanTable } from '#task/domain/plan-table.js';
import type { Report } from '#task/domain/report.js';
import { kindOf } from '#task/domain/desired.js';
import { nameProblem } from '#task/domain/name-policy.js';
import { unsettable } from '#task/domain/run-variables.js';
import { renderFailure, renderSummary } from '#task/domain/summary.js';
import { harmless, quoted } from '#task/domain/text.js';
import { envBlock } from '#task/domain/usage.js';
import { wireForm } from '#task/domain/wire-form.js';
import { wanted } from '../support/builders.js';
import { hostileText, runs } from '../support/hostile.js';
import { assertInertLine, elementsOf } from '../support/inert.js';
import { parseCommand } from '../../emulators/agent/command-parser.js';

const report = (texts: readonly string[]): Report => ({
  syncName: 's',
  action: 'sync',
  status: 'synced',
  hasChanges: true,
  source: { project: texts[0] ?? '', environment: texts[1] ?? '', secretPath: texts[2] ?? '' },
  destination: { kind: 'variableGroup', project: texts[3] ?? '', name: texts[4] ?? '' },
  counts: { created: 2, updated: 0, rewritten: 0, deleted: 0, kept: 0 },
  changes: texts
    .slice(5, 7)
    .map((name, index) => ({ name, change: index === 0 ? 'create' : 'keep', because: 'x' })),
  warnings: texts.slice(7, 8),
  notices: texts.slice(8, 9),
  usage: [envBlock(texts.slice(9))],
});

describe('fuzzed text', () => {
  it('comes back from the agent’s parser as it was, whether it decodes percents or not', () => {
    fc.assert(
      fc.property(hostileText, hostileText, fc.boolean(), (name, value, decodesPercents) => {
        const variable = wanted(name, value);
        fc.pre(nameProblem(name, kindOf(variable)) === undefined);
        fc.pre(unsettable([variable], { decodesPercents }).length === 0);

        const write = commandWith((text) => wireForm(text, decodesPercents));
        const line = write('setvariable', { variable: name, issecret: 'true' }, value);

        assert.doesNotMatch(line, /[\r\n]/);
        assert.deepEqual(parseCommand(line, decodesPercents), {
          area: 'task',
          event: 'setvariable',
          properties: { variable: name, issecret: 'true' },
          data: value,
        });
      }),
      runs(2_000),
    );
  });

  it('is inert in a line of the log, and bounded in a name', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        assertInertLine(harmless(text));
        assertInertLine(quoted(text));
        assert.ok(Array.from(quoted(text)).length <= 203);
      }),
      runs(5_000),
    );
  });

  it('is inert in the table of the plan', () => {
    fc.assert(
      fc.property(hostileText, (name) => {
        const lines = renderPlanTable([{ name, change: 'create', because: 'new' }]);

        lines.forEach(assertInertLine);
        assert.ok(lines.every((line) => Array.from(line).length < 300));
      }),
      runs(1_000),
    );
  });

  it('adds no element to a summary', () => {
    const plain = elementsOf(renderSummary(report(Array.from({ length: 11 }, () => 'x'))));
    const { code, ...expected } = plain;
    fc.assert(
      fc.property(fc.array(hostileText, { minLength: 11, maxLength: 11 }), (texts) => {
        const markdown = renderSummary(report(texts));

        const { code: found = 0, ...elements } = elementsOf(markdown);
        assert.deepEqual(elements, expected);
        assert.ok(found <= (code ?? 0));
        // The signs are the summary's own.
        markdown.replaceAll('\uFE0F', '').split('\n').forEach(assertInertLine);
      }),
      runs(1_000),
    );
  });

  it('adds no element to the page of a failure', () => {
    const expected = elementsOf(renderFailure('x', 'y'));
    fc.assert(
      fc.property(hostileText, (text) => {
        assert.deepEqual(elementsOf(renderFailure(`Failed: ${harmless(text)}`, 'y')), expected);
      }),
      runs(1_000),
    );
  });
});

describe('fuzzed descriptions', () => {
  const ours = { syncName: 'ours', pattern: { prefix: 'APP_', suffix: '' } };
  const theirs = (description: string): string[] =>
    comparableMarks(description).filter((mark) => mark !== 'ours' && mark !== 'ours owns app_*');
  const line = fc.oneof(
    hostileText,
    fc.constantFrom(
      '[infisical-sync: ours]',
      ' [infisical-sync: OURS owns app_*] ',
      '[infisical-sync: ours owns *]',
      '[infisical-sync: ours owns a*b*c]',
      '[infisical-sync: b-2 owns APP_*]',
      '[infisical-sync: b-2]',
      'text',
      '',
    ),
  );
  const description = fc
    .array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r')), { maxLength: 6 })
    .map((lines) => lines.flat().join(''));

  it('carry the mark after a sync, keep those of others, and need no second write', () => {
    fc.assert(
      fc.property(description, fc.option(fc.constantFrom('new text', 'two\nlines')), (before, text) => {
        const after = markedDescription(before, ours, text ?? undefined);

        assert.deepEqual(comparableMarks(after), [...new Set([...theirs(before), 'ours owns app_*'])].sort());
        assert.equal(markedDescription(after, ours, text ?? undefined), after);
      }),
      runs(2_000),
    );
  });

  it('carry the mark no more after a removal, but those of others', () => {
    fc.assert(
      fc.property(description, (before) => {
        const after = unmarkedDescription(markedDescription(before, ours), ours);

        assert.deepEqual(comparableMarks(after), theirs(before));
      }),
      runs(2_000),
    );
  });
});

describe('fuzzed key schemas', () => {
  const part = fc.stringMatching(/^[A-Za-z0-9_.-]{0,6}$/);
  const environment = fc.oneof(
    part,
    fc.stringMatching(/^[!-~]{1,12}$/),
    fc.constantFrom('$&', '$`a', '{{secretKey}}'),
  );

  it('put the key between prefix and suffix, and know the name again', () => {
    fc.assert(
      fc.property(
        part,
        part,
        environment,
        fc.stringMatching(/^[!-~]{1,12}$/),
        (prefix, suffix, slug, key) => {
          fc.pre(prefix !== '' || suffix !== '');
          const schema = parseKeySchema(`${prefix}{{secretKey}}${suffix}{{environment}}`).in(slug);

          assert.equal(schema.nameFor(key), `${prefix}${key}${suffix}${slug}`);
          assert.equal(matchesPattern(schema.pattern, schema.nameFor(key).toUpperCase()), true);
        },
      ),
      runs(1_000),
    );
  });
});

describe('fuzzed patterns of names', () => {
  it('are read back as they were written, whatever an environment puts into them', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 8 }), hostileText);
    fc.assert(
      fc.property(text, text, (prefix, suffix) => {
        const written = patternText({ prefix, suffix });

        assert.match(written, /^[\w.%*-]+$/);
        assert.deepEqual(parsePattern(written), { prefix, suffix });
      }),
      runs(1_000),
    );
  });
});

describe('fuzzed times', () => {
  it('of a change are compared as times', () => {
    const time = fc
      .tuple(
        fc.date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true }),
        fc.nat(9_999_999),
      )
      .map(([date, ticks]) => [date.toISOString().slice(0, 19), String(ticks).padStart(7, '0')] as const);
    fc.assert(
      fc.property(time, time, (a, b) => {
        const text = ([seconds, ticks]: typeof a): string =>
          `${seconds}.${ticks}`.replace(/\.?0*$/, (zeros) =>
            zeros.length > 7 ? '' : zeros.replace(/0+$/, ''),
          ) + 'Z';
        const order = (x: string, y: string): number => Math.sign(Number(x > y) - Number(x < y));

        assert.equal(
          order(comparableTime(text(a)) ?? '', comparableTime(text(b)) ?? ''),
          order(a.join('.'), b.join('.')),
        );
      }),
      runs(1_000),
    );
  });

  it('to wait for are bounded, whatever a header says', () => {
    fc.assert(
      fc.property(fc.oneof(hostileText, fc.double().map(String), fc.bigInt().map(String)), (header) => {
        const wait = retryAfterMs(header, Date.UTC(2026, 10, 25));

        assert.ok(wait === undefined || wait === 'too long' || (wait >= 0 && wait <= 120_000));
        assert.equal(
          comparableTime(header) === undefined || /^\d{20}$/.test(comparableTime(header) ?? ''),
          true,
        );
      }),
      runs(2_000),
    );
  });
});
