import * as fc from 'fast-check';
import { keys, type Mishap, type Setup } from './history-stage.js';

/** One thing that happens. */
export type Step =
  | { what: 'sync'; mishap: Mishap }
  | { what: 'sync twice' }
  | { what: 'theirs' }
  | { what: 'set up'; change: Partial<Setup> }
  | { what: 'set' | 'unset'; key: string; value: string }
  | { what: 'edit'; how: Edit; key: string; value: string; afterMs: number }
  | { what: 'pass'; ms: number }
  | { what: 'clocks'; skewMs: number; writeMs: number };

export type Edit =
  | 'a secret'
  | 'a secret becomes plain'
  | 'a variable goes'
  | 'a variable of somebody else comes'
  | 'an old page is saved'
  | 'the record goes'
  | 'the record is cut'
  | 'the record of another group'
  | 'the record of another sync'
  | 'another time'
  | 'a long description';

const secretKeys = ['A', 'B', 'P', 'OTHER'];
const value = fc.constantFrom('1', '2', '3', '');
const afterMs = fc.constantFrom(10, 900, 3_000, 8_000, 60_000);
const pick = <const T extends string>(...options: T[]) => fc.constantFrom(...options);

/** What may happen between two syncs, and during one. */
export const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      what: pick('sync'),
      mishap: fc.oneof(
        { weight: 3, arbitrary: pick('none') },
        {
          weight: 2,
          arbitrary: pick(
            ...(['write gets no answer, took effect', 'write gets no answer, took none'] as const),
            ...(['killed before the write', 'killed after the write', 'reads lag behind the write'] as const),
            ...(['edited before the write', 'edited after the write'] as const),
          ),
        },
      ),
    }),
  },
  { weight: 3, arbitrary: fc.record({ what: pick('sync twice') }) },
  { weight: 1, arbitrary: fc.record({ what: pick('theirs') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: pick('set up'),
      change: fc.oneof(
        fc.record({ schema: pick('X_{{secretKey}}', 'Y_{{secretKey}}', '') }),
        fc.record({ clientSecret: pick(...keys) }),
        fc.record({ detectChanges: fc.boolean() }),
        fc.record({ disableSecretDeletion: fc.boolean() }),
        fc.record({ plainTag: pick('', 'plain') }),
      ),
    }),
  },
  { weight: 4, arbitrary: fc.record({ what: pick('set'), key: fc.constantFrom(...secretKeys), value }) },
  { weight: 1, arbitrary: fc.record({ what: pick('unset'), key: fc.constantFrom(...secretKeys), value }) },
  {
    weight: 4,
    arbitrary: fc.record({
      what: pick('edit'),
      how: pick<Edit>(
        ...(['a secret', 'a secret becomes plain', 'a variable goes', 'an old page is saved'] as const),
        ...(['a variable of somebody else comes', 'the record goes', 'the record is cut'] as const),
        ...(['the record of another group', 'the record of another sync', 'another time'] as const),
        'a long description',
      ),
      key: fc.constantFrom(...secretKeys),
      value,
      afterMs,
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: pick('pass'), ms: afterMs }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: pick('clocks'),
      skewMs: fc.constantFrom(0, 900, 2_500, 9_000, -900, -4_000),
      writeMs: fc.constantFrom(10, 100, 1_500, 7_000),
    }),
  },
);
