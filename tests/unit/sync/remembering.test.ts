import assert from 'node:assert/strict';
import type { Config } from '#task/config/config.js';
import { recordKeyName } from '#task/domain/record/reserved.js';
import { SecretValue } from '#task/domain/secret-value.js';
import type { SyncSettings } from '#task/domain/settings.js';
import { rememberingFor, type Remembering } from '#task/sync/recording.js';
import type { Prints } from '#task/ports.js';
import { aConfig, aListedSecret, aSchema } from '../../support/builders.js';
import { aListing } from '../../support/in-process.js';

/** Prints that tell which secret they were made with. */
const prints = (stored?: string): Prints => ({
  stored: stored === undefined ? undefined : new SecretValue(stored),
  keyed: (secret) => () => secret.reveal(),
  open: () => 'open',
});

function remembering(given: {
  stored?: string;
  key?: string;
  settings?: Partial<SyncSettings>;
  rest?: Partial<Config>;
}): Remembering & { made: string; recordedWith: string | undefined } {
  const listing = aListing(...(given.key === undefined ? [] : [aListedSecret(recordKeyName, given.key)]));
  const config = { ...aConfig({ settings: given.settings ?? {} }), ...given.rest };
  const remembered = rememberingFor(config, listing, prints(given.stored));
  const { recorded, digest } = remembered;
  return { ...remembered, made: digest.key.mac('x', []), recordedWith: recorded.recording?.mac('x', []) };
}

describe('what a run remembers with', () => {
  const long = 'k'.repeat(32);

  it('is the key in the synced folder, where it is long enough, else the secret that signs in', () => {
    for (const [key, made, notices] of [
      [undefined, 'stored', 0],
      [long, long, 0],
      [long.slice(1), 'stored', 1],
    ] as const) {
      const found = remembering({ stored: 'stored', ...(key === undefined ? {} : { key }) });

      assert.deepEqual([found.made, found.recordedWith, found.notices.length], [made, made, notices]);
      assert.equal(found.digest.key.isSecret, true);
    }
  });

  it('makes no records where nobody wants them, or the destination has none', () => {
    for (const given of [
      { settings: { detectChanges: false } },
      { rest: { destination: { kind: 'pipelineVariables', setAsOutput: false } as const } },
    ])
      assert.deepEqual(remembering({ stored: 'stored', ...given }).recorded, {});
  });

  it('is what everybody knows where there is no key, and no value is in a digest then', () => {
    for (const key of [undefined, 'short']) {
      const { recorded, digest, made, notices } = remembering(key === undefined ? {} : { key });

      assert.deepEqual([recorded, made, digest.key.isSecret], [{}, 'open', false]);
      assert.equal(notices.length, key === undefined ? 1 : 2);
      assert.ok(notices.every((notice) => notice.includes(recordKeyName)));
    }
  });

  it('is missed only where it would matter', () => {
    const missed = (settings: Partial<SyncSettings>): string[] => remembering({ settings }).notices;

    for (const settings of [{ action: 'remove' }, { detectChanges: false }] as const)
      assert.deepEqual(missed(settings), []);
    const ofDigest = [{ action: 'plan' }, { action: 'check' }, { approvedPlan: '1.a.b.c.' }] as const;
    for (const settings of ofDigest)
      assert.match(missed({ ...settings, detectChanges: false })[0] ?? '', /planDigest/);
    assert.doesNotMatch(missed({})[0] ?? 'planDigest', /planDigest/);
  });
});

describe('the options that shape what a sync makes of a source', () => {
  const source = aConfig().source;
  const optionsOf = (settings: Partial<SyncSettings>, rest: Partial<Config['source']> = {}): string =>
    JSON.stringify(remembering({ settings, rest: { source: { ...source, ...rest } } }).digest.options);

  it('are different where an input is', () => {
    const all = [
      optionsOf({}),
      optionsOf({}, { project: { kind: 'slug', text: 'other' } }),
      optionsOf({}, { environment: 'dev' }),
      optionsOf({}, { secretPath: '/api' }),
      optionsOf({}, { recursive: true }),
      optionsOf({}, { includeImports: false }),
      optionsOf({}, { expandSecretReferences: false }),
      optionsOf({}, { tags: ['a', 'b'] }),
      optionsOf({}, { tags: ['ab'] }),
      optionsOf({ keySchema: aSchema('A_{{secretKey}}') }),
      optionsOf({ syncName: 'other' }),
      optionsOf({ plainTag: 'plain' }),
      optionsOf({ disableSecretDeletion: true }),
      optionsOf({ syncDescription: 'text' }),
    ];

    assert.equal(new Set(all).size, all.length);
    assert.ok(all.every((options) => !options.includes('"A_"')));
  });

  it('are the same for no description and an empty one', () => {
    assert.equal(optionsOf({}), optionsOf({ syncDescription: '' }));
  });
});
