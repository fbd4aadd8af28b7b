import { typeOf, type Change } from './plan.js';
import type { Action } from './settings.js';
import { harmless } from './text.js';

export type SyncStatus = 'synced' | 'unchanged' | 'planned' | 'skipped' | 'removed';

export interface Counts {
  created: number;
  updated: number;
  rewritten: number;
  deleted: number;
  kept: number;
}

/** Where the secrets went. */
export type Place =
  | {
      kind: 'variableGroup';
      project: string;
      name: string;
      id?: number;
      /** Whether it was there before this run; unknown where nothing was read. */
      existed?: boolean;
    }
  | { kind: 'pipelineVariables' }
  | { kind: 'pipelineDefinition'; project: string; name: string; id: number };

/** Lines to copy into a pipeline. */
export interface Usage {
  title: string;
  yaml: string[];
}

/** The task's own output variables, as task.json declares them. */
export const outputNames = [
  'syncStatus',
  'hasChanges',
  'createdCount',
  'updatedCount',
  'rewrittenCount',
  'deletedCount',
  'keptCount',
  'variableGroupId',
  'planDigest',
  'reportFile',
] as const;

/** What a run did or would do: names and reasons, never a value. This is what the JSON report holds. */
export interface Report {
  syncName: string;
  action: Action;
  status: SyncStatus;
  /** True for create, update, rewrite and delete. */
  hasChanges: boolean;
  source: {
    project: string;
    /** The sync in Infisical that the rest comes from; environment and path are empty until it was read. */
    sync?: string;
    environment: string;
    secretPath: string;
  };
  destination: Place;
  counts: Counts;
  /** `type` tells what this sync makes of a variable; it has none where the sync does not decide it. */
  changes: { name: string; change: Change['kind']; type?: 'secret' | 'plain'; because: string }[];
  warnings: string[];
  notices: string[];
  /** Of a plan: tells it from every other. */
  planDigest?: string;
  /** Why a check failed. */
  failure?: string;
  /** How the variables are read, where that is not plain. */
  usage?: Usage[];
}

/**
 * The JSON of the report file. A script may print it, as it stands or with what `jq` makes of it, and the agent acts on
 * `##vso[` wherever it stands in a line: so texts from outside are harmless in both forms, with no escape to undo.
 */
export function renderReport(report: Report): string {
  const text = (_key: string, value: unknown): unknown =>
    typeof value === 'string' ? harmless(value) : value;
  return `${JSON.stringify(report, text, 2)}\n`;
}

/** Counts each kind of change. */
export function countChanges(changes: readonly Change[]): Counts {
  const count = (kind: Change['kind']): number => changes.filter((change) => change.kind === kind).length;
  return {
    created: count('create'),
    updated: count('update'),
    rewritten: count('rewrite'),
    deleted: count('delete'),
    kept: count('keep'),
  };
}

export function hasChanges(counts: Counts): boolean {
  return counts.created + counts.updated + counts.rewritten + counts.deleted > 0;
}

/** Changes without their values: all that may be shown. */
export function shownChanges(changes: readonly Change[]): Report['changes'] {
  return changes.map((change) => {
    const { name, kind, because } = change;
    const type = typeOf(change);
    return { name, change: kind, ...(type === undefined ? {} : { type }), because };
  });
}

/** Whether the group is new: made by this run, or by the sync that was planned. */
export function isNewGroup({ destination, changes }: Pick<Report, 'destination' | 'changes'>): boolean {
  return destination.kind === 'variableGroup' && destination.existed === false && changes.length > 0;
}

/** Whether there is no group, and this run does not make one. */
export function isNoGroup({ destination, changes }: Pick<Report, 'destination' | 'changes'>): boolean {
  return destination.kind === 'variableGroup' && destination.existed === false && changes.length === 0;
}

/** The counts, and beside them what nobody should miss: `2 to create, 1 to update; 1 plain, 1 emptied`. */
export function overviewOf(
  { counts, changes }: Pick<Report, 'counts' | 'changes'>,
  tense: 'done' | 'planned',
): string {
  const plain = changes.filter(({ type }) => type === 'plain').length;
  const emptied = changes.filter(({ because }) => because === 'emptied').length;
  const marks = [
    ...(plain === 0 ? [] : [`${String(plain)} plain`]),
    ...(emptied === 0 ? [] : [`${String(emptied)} emptied`]),
  ];
  const text = countsText(counts, tense);
  return marks.length === 0 ? text : `${text}; ${marks.join(', ')}`;
}

/** `2 created, 1 deleted, 4 kept`, or `2 to create, …` of a plan; what does not happen is left out. */
export function countsText(counts: Counts, tense: 'done' | 'planned' = 'done'): string {
  const parts = [
    [counts.created, 'created', 'to create'],
    [counts.updated, 'updated', 'to update'],
    [counts.rewritten, 'rewritten', 'to rewrite'],
    [counts.deleted, 'deleted', 'to delete'],
    [counts.kept, 'kept', 'to keep'],
  ] as const;
  const shown = parts
    .filter(([count]) => count > 0)
    .map(([count, done, planned]) => `${String(count)} ${tense === 'done' ? done : planned}`);
  return shown.length === 0 ? 'no variables' : shown.join(', ');
}
