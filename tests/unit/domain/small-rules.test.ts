import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import {
  CancelledError,
  ConfigError,
  DestinationError,
  FolderMissingError,
  listed,
  NamingError,
  SourceError,
  SyncError,
  UnsafePlanError,
  withFacts,
} from '#task/domain/errors.js';
import { honeyTokenNotices } from '#task/domain/honey-tokens.js';
import { parseKeySchema } from '#task/domain/key-schema.js';
import { namesOnly } from '#task/domain/names-only.js';
import { SecretValue } from '#task/domain/secret-value.js';
import { madeSyncName } from '#task/domain/sync-name.js';
import { sameName } from '#task/domain/text.js';
import { valueProblem } from '#task/domain/variable-value.js';
import { wireForm } from '#task/domain/wire-form.js';
import { aListedSecret, anImport, aScope, aSecret, wanted } from '../../support/builders.js';

describe('an error', () => {
  it('is known by its name, which tells whether a person or we have to do something', () => {
    const all = [
      [new SyncError('x'), 'SyncError'],
      [new ConfigError([]), 'ConfigError'],
      [new NamingError([]), 'NamingError'],
      [new SourceError('x'), 'SourceError'],
      [new FolderMissingError('x'), 'SourceError'],
      [new DestinationError('x'), 'DestinationError'],
      [new UnsafePlanError('x'), 'UnsafePlanError'],
      [new CancelledError('x'), 'CancelledError'],
    ] as const;

    for (const [error, name] of all) assert.equal(error.name, name);
  });

  it('has its facts at its end, in a line of their own where it has lines', () => {
    assert.equal(withFacts('No.', 'status 403'), 'No. (status 403)');
    assert.equal(withFacts('No.\n- a', 'status 403'), 'No.\n- a\n(status 403)');
  });

  it('lists 200 items, and how many more there are', () => {
    const items = (count: number): string[] =>
      listed(
        'All:',
        Array.from({ length: count }, (_, index) => String(index)),
      ).split('\n');

    assert.deepEqual([items(2), items(0)], [['All:', '- 0', '- 1'], ['All:']]);
    assert.deepEqual(items(200).at(-1), '- 199');
    assert.deepEqual(
      [items(201).at(-2), items(201).at(-1), items(201).length],
      ['- 199', '- and 1 more', 202],
    );
  });
});

describe('a key schema', () => {
  it('narrows a sync to some names unless the key stands alone', () => {
    for (const [text, narrows] of [
      ['', false],
      ['{{secretKey}}', false],
      ['A_{{secretKey}}', true],
      ['{{secretKey}}_A', true],
    ] as const) {
      const schema = parseKeySchema(text);

      assert.deepEqual([schema.narrows, schema.in('prod').narrows], [narrows, narrows], text);
    }
  });
});

describe('two names', () => {
  it('are the same without case, and not when capitals alone look alike', () => {
    assert.equal(sameName('a_Ä'), sameName('A_ä'));
    assert.notEqual(sameName('ß'), sameName('SS'));
    assert.notEqual(sameName('ſ'), sameName('s'));
  });
});

describe('a secret value', () => {
  const gap = (text: string, other: string): string | undefined =>
    new SecretValue(text).gapIn(new SecretValue(other), '#')?.reveal();

  it('is shown as stars by all that Node prints with', () => {
    assert.equal(inspect(new SecretValue('canary')), '***');
    assert.equal(inspect({ deep: [new SecretValue('canary')] }), '{ deep: [ *** ] }');
  });

  it('tells what stands in its gaps, the same in each, an empty text too', () => {
    assert.deepEqual([gap('a#b', 'axyb'), gap('a#b#', 'axybxy'), gap('a#b', 'ab')], ['xy', 'xy', '']);
  });

  it('tells nothing where the rest differs, or there is no gap', () => {
    for (const [text, other] of [
      ['a#b', 'cxyb'],
      ['a#b#', 'axybxz'],
      ['a#b#', 'axyb'],
      ['a#b', 'a'],
      ['abc#', 'a'],
      ['ab', 'ab'],
      ['ab', 'abc'],
    ] as const)
      assert.equal(gap(text, other), undefined, `${text} ${other}`);
  });
});

describe('a value in a logging command', () => {
  it('is escaped as the agent decodes it, percents only where it decodes them', () => {
    assert.equal(wireForm('%;\r\n]'), '%AZP25%3B%0D%0A%5D');
    assert.equal(wireForm('%;\r\n]', false), '%%3B%0D%0A%5D');
  });
});

describe('a plain value', () => {
  it('may not hold what the agent takes for a command, with blanks in it, too', () => {
    const refused = (text: string): boolean => valueProblem(wanted('A', text, false)) !== undefined;

    for (const text of ['##vso[x', 'x ##  vso [x', '## VSO[']) assert.ok(refused(text), text);
    for (const text of ['##xvso[x', '##vso', '#vso[']) assert.ok(!refused(text), text);
    assert.equal(valueProblem(wanted('A', '##vso[x')), undefined);
  });
});

describe('a honey token', () => {
  const listing = {
    secrets: [aListedSecret('BAIT', 'v', { isHoneyToken: true })],
    imports: [anImport('/shared', [aListedSecret('OTHER', 'w', { isHoneyToken: true })])],
  };

  it('is told of where it is synced, and not another secret of its value, or another value of its name', () => {
    const named = (...synced: [string, string][]): string =>
      honeyTokenNotices(
        listing,
        synced.map(([key, value]) => aSecret(key, value)),
      ).join();

    assert.match(named(['BAIT', 'v'], ['OTHER', 'w']), /"BAIT" and "OTHER"/);
    assert.equal(named(['SAME', 'v']), '');
    assert.equal(named(['BAIT', 'own']), '');
  });
});

describe('the names that a removal needs', () => {
  it('come without anything to say about them', () => {
    const merged = namesOnly({ secrets: [aListedSecret('A')], imports: [anImport('/x', [])] }, aScope());

    assert.deepEqual([merged.silentImports, merged.warnings, merged.notices], [[], [], []]);
  });
});

describe('the made name of a sync', () => {
  it('begins with a letter or a digit, whatever the source begins with', () => {
    const name = madeSyncName({ project: '', environment: '-prod', secretPath: '/' });

    assert.match(name, /^prod-[a-z0-9]{8}$/);
  });
});
