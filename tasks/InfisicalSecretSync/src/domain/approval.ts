import type { DestinationPlan } from './destination-plan.js';
import { listed, UnsafePlanError } from './errors.js';
import type { Change } from './plan.js';
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
      : [`${planned.destination} is not as it was: somebody has written, made or deleted it since`]),
    ...(options === optionsNow ? [] : ['inputs are different, or another service connection is used']),
    ...fresh.map(({ name, kind, because }) => `not approved: ${kind} ${quoted(name)} (${because})`),
    ...(prints.size === 0 ? [] : [`${counted(prints.size, 'approved change')} no longer in the plan`]),
  ];
  throw new UnsafePlanError(
    listed(
      'This plan is not the one that was approved, so nothing was written. Run the plan again and have it approved. What is different:',
      reasons.length === 0 ? ['what stays as it is'] : reasons,
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
      'Somebody else wrote at the same time, and what is left to do is not what was approved. Run the plan again and have it approved. Not approved:',
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

function rowPrint(change: Change, { mac, isSecret }: DigestKey): string {
  const { name, kind } = change;
  if (!('to' in change)) return mac('planned', [sameName(name), kind]);
  const { to } = change;
  return mac('planned', [
    sameName(name),
    kind,
    to.isSecret ? 'secret' : 'plain',
    ...(isSecret ? [to.value] : []),
  ]);
}
