import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { isThorough } from '../../support/thorough.js';
import type { CurrentDestination } from '#task/domain/destination-plan.js';
import { plainVariable, noGroup } from '../../support/builders.js';
import {
  givenBy,
  isMarked,
  runOnce,
  settingsOf,
  valuesIn,
  type ModelSync,
  type Ran,
} from '../../support/history.js';

/** What happens to a group over time: up to five syncs, each change that people make to one of them, and people. */

const numRuns = isThorough ? 20_000 : 2_000;

type Step =
  | { kind: 'run'; sync: number }
  | { kind: 'overwrite'; sync: number }
  | { kind: 'remove'; sync: number }
  | { kind: 'set' | 'unset'; sync: number; key: string }
  | { kind: 'rename'; sync: number; environment: string }
  | { kind: 'schema'; sync: number; schema: string }
  | { kind: 'edit mark'; line: number; how: 'delete' | 'shorten' | 'spoil' | 'text' }
  | { kind: 'by hand'; name: string };

/** Sources whose slugs meet, so that only exact names keep them apart. */
const sources = [
  { project: 'web-eu', environment: 'prod', secretPath: '/' },
  { project: 'web', environment: 'eu-prod', secretPath: '/' },
  { project: 'web', environment: 'prod', secretPath: '/api/v1' },
  { project: 'web', environment: 'prod', secretPath: '/api-v1' },
  { project: 'web', environment: 'prod', secretPath: '/API-v1' },
];
const schemas = [
  '',
  'A_{{secretKey}}',
  'a_B_{{secretKey}}',
  'A_B_{{secretKey}}_C',
  '{{secretKey}}_C',
  '{{environment}}-{{secretKey}}',
  'D_{{secretKey}}',
];
const keys = ['X', 'Y', 'B_X', 'eu-X', 'X_C'];
const index = fc.nat({ max: 4 });
const key = fc.constantFrom(...keys);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('run' as const), sync: index }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('overwrite' as const), sync: index }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), sync: index }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('set' as const, 'unset' as const), sync: index, key }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rename' as const), sync: index, environment: fc.constantFrom('prod', 'prod-eu', 'eu-prod', 'dev') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('schema' as const), sync: index, schema: fc.constantFrom(...schemas) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('edit mark' as const), line: index, how: fc.constantFrom('delete' as const, 'shorten' as const, 'spoil' as const, 'text' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('by hand' as const), name: fc.constantFrom('A_HAND', 'A_B_HAND', 'HAND_C', 'HAND', 'prod-HAND') }) },
); // prettier-ignore
const syncs = fc
  .tuple(fc.shuffledSubarray(sources, { minLength: 1 }), fc.array(fc.constantFrom(...schemas), { minLength: 5, maxLength: 5 }))
  .map(([chosen, schemasOf]) =>
    chosen.map((source, i): ModelSync => ({ ...source, schema: schemasOf[i] ?? '', secrets: new Map() })),
  ); // prettier-ignore
const history = fc.record({ syncs, steps: fc.array(step, { maxLength: 30 }) });

class Stage {
  group: CurrentDestination = noGroup;
  readonly #syncs: ModelSync[];
  #round = 0;

  constructor(given: readonly ModelSync[]) {
    this.#syncs = given.map((sync) => ({ ...sync, secrets: new Map([['X', 'x']]) }));
  }

  get syncs(): readonly ModelSync[] {
    return this.#syncs;
  }

  /** What a run did; undefined for what people do. */
  play(step: Step): Ran | undefined {
    this.#round += 1;
    switch (step.kind) {
      case 'by hand':
        this.#put(step.name);
        return undefined;
      case 'edit mark':
        this.group = { ...this.group, description: edited(this.group.description, step) };
        return undefined;
      default: {
        const sync = this.#syncs[step.sync % this.#syncs.length];
        return sync === undefined ? undefined : this.#playOn(sync, step);
      }
    }
  }

  run(sync: ModelSync, rest: Parameters<typeof runOnce>[2] = {}): Ran {
    const ran = runOnce(sync, this.group, rest);
    this.group = ran.after;
    return ran;
  }

  #playOn(sync: ModelSync, step: Exclude<Step, { kind: 'by hand' | 'edit mark' }>): Ran | undefined {
    switch (step.kind) {
      case 'run':
        return this.run(sync);
      case 'overwrite':
        return this.run(sync, { overwriteOnFirstSync: true });
      case 'remove':
        return this.run(sync, { action: 'remove' });
      case 'set':
        sync.secrets.set(step.key, `${sync.project}${sync.secretPath} ${String(this.#round)}`);
        return undefined;
      case 'unset':
        if (sync.secrets.size > 1) sync.secrets.delete(step.key);
        return undefined;
      case 'rename':
        sync.environment = step.environment;
        return undefined;
      case 'schema':
        sync.schema = step.schema;
        return undefined;
    }
  }

  #put(name: string): void {
    const { exists, variables } = this.group;
    if (!exists || variables.some((one) => one.name === name)) return;
    this.group = { ...this.group, variables: [...variables, plainVariable(name, 'by hand')] };
  }
}

function edited(description: string, { line, how }: Extract<Step, { kind: 'edit mark' }>): string {
  const lines = description.split('\n');
  const old = lines[line % lines.length] ?? '';
  const fresh = {
    delete: [],
    shorten: [old.replace(/ owns .*\]/, ']')],
    spoil: [old.replace(' owns ', ' own ')],
    text: ['made by hand', old],
  }[how];
  return lines.flatMap((one, i) => (i === line % lines.length ? fresh : [one])).join('\n');
}

const gone = ({ before, after }: Ran): string[] => {
  const left = valuesIn(after);
  return [...valuesIn(before).keys()].filter((name) => !left.has(name));
};

/** Written anew here, so that a fault in the sources can't hide behind itself. */
const regexOf = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replaceAll('.', '\\.').replace('*', '.+')}$`, 'i');
const marksOf = (group: CurrentDestination): { line: string; pattern: string }[] =>
  [...group.description.matchAll(/^\[infisical-sync: ([a-z0-9-]+) owns (\S+)\]$/gm)].map(
    ([, name = '', pattern = '']) => ({ line: `${name} owns ${pattern}`.toLowerCase(), pattern }),
  );
/** Names that other marks cover, but for those that cover everything that this one does. */
const isOthers = (name: string, own: string, group: CurrentDestination): boolean => {
  const [, ownPattern = ''] = own.split(' owns ');
  const sample = ownPattern.replace('*', '~');
  return marksOf(group).some(
    ({ line, pattern }) =>
      line !== own &&
      regexOf(pattern).test(name) &&
      (!regexOf(pattern).test(sample) || pattern.toLowerCase() === ownPattern),
  );
};

describe('any history of up to five syncs on one group', () => {
  it('takes nothing from another sync, nothing that a key schema leaves out, and nothing before its first mark', () => {
    let [runs, deletions, refusals] = [0, 0, 0];
    fc.assert(
      fc.property(history, ({ syncs: given, steps }) => {
        const stage = new Stage(given);
        for (const one of steps) {
          const ran = stage.play(one);
          if (ran === undefined) continue;
          runs += 1;
          refusals += Number(ran.refused);
          for (const name of gone(ran)) {
            deletions += 1;
            assert.match(name, regexOf(ran.mark.split(' owns ')[1] ?? ''));
            const isGiven = ran.plan.changes.some(
              (change) => change.name === name && change.because === 'removed',
            );
            assert.ok(isGiven || !isOthers(name, ran.mark, ran.before), `${name} is another’s`);
            if (one.kind !== 'overwrite')
              assert.ok(isMarked(ran.before, ran.mark), `${name} was not known to be ours`);
          }
        }
      }),
      { numRuns },
    );
    // A property that nothing ever tries proves nothing.
    assert.ok(
      runs > 2 * numRuns && deletions > numRuns / 20 && refusals > numRuns / 10,
      String([runs, deletions, refusals]),
    );
  });

  it('ends with exactly the own variables of each, and with what nobody owns', () => {
    let [checked, gaveWay] = [0, 0];
    fc.assert(
      fc.property(history, ({ syncs: given, steps }) => {
        const stage = new Stage(given);
        for (const one of steps) stage.play(one);
        const unowned = [...valuesIn(stage.group).keys()].filter((name) =>
          stage.syncs.every((sync) => !regexOf(patternOf(sync)).test(name)),
        );
        const last = stage.syncs.map((sync) => ({ sync, ran: [stage.run(sync), stage.run(sync)].at(-1) }));
        const again = last.map(({ sync }) => ({ sync, ran: stage.run(sync) }));

        const values = folded(valuesIn(stage.group));
        for (const name of unowned) assert.ok(values.has(name.toLowerCase()), `${name} was nobody’s`);
        for (const { sync, ran } of again) {
          if (ran.refused) gaveWay += 1;
          else checked += 1;
          if (ran.refused) continue;
          const own = folded(givenBy(sync));
          for (const [name, value] of own) {
            if (!isGivenByAnother(name, sync, stage.syncs)) assert.equal(values.get(name), value, name);
          }
          for (const name of values.keys()) {
            const isOwn = regexOf(patternOf(sync)).test(name) && !isOthers(name, ran.mark, stage.group);
            if (isOwn && hasOnlyWholeMarks(stage.group) && !isGivenByAnother(name, sync, stage.syncs))
              assert.ok(own.has(name), `${name} is left over`);
          }
        }
      }),
      { numRuns },
    );
    assert.ok(checked > numRuns / 2 && gaveWay > numRuns / 10, String([checked, gaveWay]));
  });
});

const folded = (values: ReadonlyMap<string, string>): Map<string, string> =>
  new Map([...values].map(([name, value]) => [name.toLowerCase(), value]));
const patternOf = (sync: ModelSync): string => {
  const { prefix, suffix } = settingsOf(sync).keySchema.pattern;
  return `${prefix}*${suffix}`;
};
const isGivenByAnother = (name: string, sync: ModelSync, all: readonly ModelSync[]): boolean =>
  all.some(
    (other) =>
      other !== sync && [...givenBy(other).keys()].some((one) => one.toLowerCase() === name.toLowerCase()),
  );
/** Whether each mark says what it owns: one that does not may own anything. */
const hasOnlyWholeMarks = ({ description }: CurrentDestination): boolean =>
  description.split('\n').every((line) => !line.startsWith('[infisical-sync:') || / owns \S+\]$/.test(line));
