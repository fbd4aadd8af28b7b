import assert from 'node:assert/strict';
import { refuseWithheld } from '#task/domain/completeness.js';
import { desiredNotices, desiredVariables, type DesiredVariable } from '#task/domain/desired.js';
import {
  isFirstSync,
  planDestination,
  type CurrentDestination,
  type DestinationPlan,
} from '#task/domain/destination-plan.js';
import { refuseIfUnsafe } from '#task/domain/guard.js';
import { maskForms, runMaskForms } from '#task/domain/masks.js';
import { namesOnly } from '#task/domain/names-only.js';
import { renderPlanTable } from '#task/domain/plan-table.js';
import { countChanges, renderReport, shownChanges, type Report } from '#task/domain/report.js';
import type { CurrentVariable } from '#task/domain/plan.js';
import { unsettable } from '#task/domain/run-variables.js';
import type { SyncSettings } from '#task/domain/settings.js';
import { mergeSource } from '#task/domain/source.js';
import { renderSummary } from '#task/domain/summary.js';
import { envBlock } from '#task/domain/usage.js';
import {
  aGroup,
  aListedSecret,
  anImport,
  aPipeline,
  aScope,
  aSchema,
  noGroup,
  plainVariable,
  secretVariable,
  settings,
} from '../../support/builders.js';

/** Looks at every element of the array that it is called on, or may have to. */
const visiting = [
  ...['concat', 'every', 'filter', 'find', 'findIndex', 'flatMap', 'forEach', 'includes', 'indexOf', 'join'],
  ...['map', 'reduce', 'reverse', 'shift', 'slice', 'some', 'sort', 'splice', 'toSorted', 'unshift'],
] as const;

type Method = (this: readonly unknown[], ...given: unknown[]) => unknown;

/** How many elements of arrays were looked at or copied meanwhile: by methods, and by what iterates or spreads. */
function visited(work: () => void): number {
  let count = 0;
  const prototype = Array.prototype as unknown as Record<string | symbol, Method>;
  const originals = [...visiting, Symbol.iterator].map((key) => [key, prototype[key]] as const);
  for (const [key, original] of originals)
    prototype[key] = function (...given) {
      count += this.length;
      return original?.apply(this, given);
    };
  try {
    work();
  } finally {
    for (const [key, original] of originals) if (original !== undefined) prototype[key] = original;
  }
  return count;
}

const keysOf = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `KEY_${String(index)}`);

function read(count: number): DesiredVariable[] {
  const secrets = keysOf(count).map((key) => aListedSecret(key, `value of ${key}\nin two lines`));
  const imports = [
    anImport('/shared', secrets.slice(0, count / 2)),
    anImport('/other', secrets.slice(count / 3)),
  ];
  const listing = { secrets, imports };
  maskForms(secrets.map(({ value }) => value));
  runMaskForms(
    secrets.map(({ value }) => value),
    true,
  );
  refuseWithheld(listing, listing, aScope());
  namesOnly(listing, aScope());
  const merged = mergeSource(listing, aScope());
  const desired = desiredVariables(merged.secrets, { keySchema: aSchema(''), plainTag: 'plain' }, () => []);
  desiredNotices(desired);
  return desired;
}

function planned(
  desired: DesiredVariable[],
  current: CurrentDestination,
  chosen: SyncSettings,
): DestinationPlan {
  const names = desired.map(({ name }) => name);
  const plan = planDestination(chosen, { variables: desired, names, sourceMayBeIncomplete: false }, current);
  const firstSync = isFirstSync(chosen, current);
  refuseIfUnsafe({ plan, settings: chosen, current, destination: 'the group', firstSync });
  return plan;
}

function tell({ changes }: DestinationPlan): void {
  const report: Report = {
    syncName: 'shop-prod',
    action: 'sync',
    status: 'synced',
    hasChanges: true,
    source: { project: 'shop', environment: 'prod', secretPath: '/' },
    destination: { kind: 'variableGroup', project: 'Shop', name: 'shop-prod' },
    counts: countChanges(changes),
    changes: shownChanges(changes),
    warnings: [],
    notices: [],
    usage: [envBlock(changes.map(({ name }) => name))],
  };
  renderPlanTable(report.changes);
  renderSummary(report);
  renderReport(report);
}

const mixed = (count: number): CurrentVariable[] =>
  keysOf(count).map((key, index) => (index % 2 === 0 ? secretVariable(key) : plainVariable(`OLD_${key}`)));

const work: Record<string, (count: number) => void> = {
  'a first sync': (count) => {
    tell(planned(read(count), noGroup, settings()));
  },
  'a later sync that creates, rewrites and deletes': (count) => {
    tell(planned(read(count), aGroup(mixed(count)), settings({ maxDeletions: -1 })));
  },
  'a sync of a group that several share': (count) => {
    const keySchema = aSchema('KEY_{{secretKey}}');
    const description = '[infisical-sync: shop-prod owns KEY_*]\n[infisical-sync: other owns KEY_1*]';
    const desired = read(count).map((one) => ({ ...one, name: `KEY_A_${one.name}` }));
    tell(planned(desired, aGroup(mixed(count), { description }), settings({ keySchema, maxDeletions: -1 })));
  },
  'a removal': (count) => {
    tell(planned(read(count), aGroup(mixed(count)), settings({ action: 'remove' })));
  },
  'the saved variables of a pipeline': (count) => {
    tell(planned(read(count), aPipeline(mixed(count)), settings({ maxDeletions: -1 })));
  },
  'the variables of a run': (count) => {
    unsettable(read(count), { decodesPercents: false, outputStep: 'secrets' });
  },
};

describe('twice as many secrets', () => {
  for (const [title, runFor] of Object.entries(work))
    it(`take twice the steps, and not four times: ${title}`, () => {
      const [some, twice] = [1_000, 2_000].map((count) =>
        visited(() => {
          runFor(count);
        }),
      );

      assert.ok(some !== undefined && twice !== undefined && some > 10_000, String(some));
      assert.ok(twice <= 2.1 * some, `${String(some)} elements, then ${String(twice)}`);
    });

  it('would be found, if each name copied what was there before', () => {
    const copying = (count: number): number =>
      visited(() => {
        let names: string[] = [];
        for (const key of keysOf(count)) names = [...names, key];
      });

    assert.ok(copying(2_000) > 3.5 * copying(1_000));
  });
});
