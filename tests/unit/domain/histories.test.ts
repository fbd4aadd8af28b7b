import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { CurrentDestination } from '#task/domain/destination-plan.js';
import { givenBy, isMarked, settingsOf, valuesIn, type ModelSync, type Ran } from '../../support/history.js';
import { history, Stage } from '../../support/history-steps.js';
import { isThorough, seed } from '../../support/thorough.js';

const numRuns = isThorough ? 20_000 : 2_000;

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
      { numRuns, seed },
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
      { numRuns, seed },
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
