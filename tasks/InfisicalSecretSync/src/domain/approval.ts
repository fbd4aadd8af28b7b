import type { DestinationPlan } from './destination-plan.js';
import { listed, UnsafePlanError } from './errors.js';
import { typeOf, type Change } from './plan.js';
import { whole, type Mac } from './record/prints.js';
import { counted, quoted, sameName } from './text.js';

/** What a plan is an answer to. */
export interface Planned {
  changes: readonly Change[];
  /** How messages call the destination. */
  destination: string;
  /** Of its last change by anybody; undefined for one that does not exist. */
  version: string | undefined;
  options: readonly string[];
}

/** What digests are made with. */
export interface DigestKey {
  mac: Mac;
  /** Whether only a reader of Infisical can make the same; otherwise no value goes into a digest. */
  isSecret: boolean;
}

export const digestPattern = /^1(?:\.[A-Za-z0-9_-]+){3}\.[A-Za-z0-9_-]*$/;

const rowLength = 5;
const partLength = 6;
const mostRows = 2_000;

/** What tells one plan from every other, and of another which parts of it are different. */
export function planDigest(planned: Planned, key: DigestKey): string {
  const { changes, options } = planned;
  const rows = changes.filter(isChange).map((change) => rowPrint(change, key).slice(0, rowLength));
  return [
    '1',
    whole(
      key.mac('plan', [
        ...stateOf(planned),
        String(options.length),
        ...options,
        ...changes.map((change) => rowPrint(change, key)),
      ]),
    ),
    key.mac('plan state', stateOf(planned)).slice(0, partLength),
    key.mac('plan options', options).slice(0, partLength),
    rows.length > mostRows ? '' : rows.join(''),
  ].join('.');
}

/**
 * Refuses a plan that is not the approved one.
 * @throws UnsafePlanError with the rows that nobody approved
 */
export function refuseOtherPlan(approved: string, planned: Planned, key: DigestKey): void {
  const now = planDigest(planned, key);
  if (now === approved) return;
  const [, , state, options, rows = ''] = approved.split('.');
  const [, , stateNow, optionsNow] = now.split('.');
  const prints = new Set(rows.match(new RegExp(`.{${String(rowLength)}}`, 'g')) ?? []);
  const changes = planned.changes.filter(isChange);
  const fresh = changes.filter((change) => !prints.delete(rowPrint(change, key).slice(0, rowLength)));
  const reasons = [
    ...(state === stateNow
      ? []
      : [`${planned.destination} was changed, created or deleted after the plan was made`]),
    ...(options === optionsNow ? [] : ['an input or the service connection is not the same']),
    ...fresh.map(
      (change) =>
        `not approved${hasPrintedValue(change, key) ? ', or not with this value' : ''}: ${rowText(change)}`,
    ),
    ...(prints.size === 0
      ? []
      : [
          `${counted(prints.size, 'approved change')} ${prints.size === 1 ? 'is' : 'are'} no longer in the plan`,
        ]),
  ];
  throw new UnsafePlanError(
    listed(
      'The plan is not the approved one. Run the plan again and have it approved. Differences:',
      reasons.length === 0 ? ['the variables that stay as they are'] : reasons,
    ),
  );
}

/**
 * After a write of our own the plan is another one by itself. It may go on to give variables their approved values, and
 * delete nothing that the approved plan did not.
 * @throws UnsafePlanError
 */
export function refuseOtherDeletions(approved: readonly Change[], plan: DestinationPlan): void {
  const deleted = new Set(approved.filter(({ kind }) => kind === 'delete').map(({ name }) => sameName(name)));
  const fresh = plan.changes.filter(({ kind, name }) => kind === 'delete' && !deleted.has(sameName(name)));
  if (fresh.length === 0) return;
  throw new UnsafePlanError(
    listed(
      'Somebody else wrote to the destination during this run, and the rest of the work now includes deletions that nobody approved. Run the plan again and have it approved. Not approved:',
      fresh.map(({ name, kind }) => `${kind} ${quoted(name)}`),
    ),
  );
}

function isChange({ kind }: Change): boolean {
  return kind !== 'keep';
}

function stateOf({ destination, version }: Planned): string[] {
  return [destination, version ?? ''];
}

/** `create "A" (plain, new)`. */
function rowText(change: Change): string {
  const { kind, name, because } = change;
  return `${kind} ${quoted(name)} (${[typeOf(change), because].filter(Boolean).join(', ')})`;
}

/** Whether a digest tells one value of the variable from another. */
function hasPrintedValue(change: Change, key: DigestKey): change is Extract<Change, { to: unknown }> {
  return 'to' in change && key.isSecret;
}

function rowPrint(change: Change, key: DigestKey): string {
  const { name, kind } = change;
  const type = typeOf(change);
  return key.mac('planned', [
    ...[sameName(name), kind, ...(type === undefined ? [] : [type])],
    ...(hasPrintedValue(change, key) ? [change.to.value] : []),
  ]);
}
