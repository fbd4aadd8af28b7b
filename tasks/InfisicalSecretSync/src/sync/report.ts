import type { Config } from '../config/config.js';
import type { Converged } from './rounds.js';
import type { Change } from '../domain/plan.js';
import {
  countChanges,
  isNoGroup,
  isNewGroup,
  hasChanges,
  overviewOf,
  shownChanges,
  type Place,
  type Report,
  type Usage,
} from '../domain/report.js';
import { onlyLooks } from '../domain/settings.js';
import type { MergedSource } from '../domain/source.js';
import { capitalized, counted, quoted, quotedList } from '../domain/text.js';
import type { Verdict } from '../domain/verdict.js';

/** What a person should mend, or should know because it was contested. */
export function warningsFor({ changes, contested }: Converged, merged: MergedSource): string[] {
  const named = (test: (change: Change) => boolean): string[] => changes.filter(test).map(({ name }) => name);
  const emptied = named(({ because }) => because === 'emptied');
  const withheld = named(({ because }) => because === 'an import gave no secret');
  return [
    ...(emptied.length === 0
      ? []
      : [
          `${counted(emptied.length, 'secret')} became empty in Infisical: ${quotedList(emptied)}. Azure DevOps cannot store an empty secret, so each becomes an empty plain variable.`,
        ]),
    ...(withheld.length === 0
      ? []
      : [
          `Nothing was deleted or emptied, because ${counted(merged.silentImports.length, 'import')} gave no secrets: ${quotedList(merged.silentImports)}. An import that the machine identity may not read looks the same. These variables were kept: ${quotedList(withheld)}. Let the machine identity read the import, or delete the import in Infisical.`,
        ]),
    ...(contested
      ? [
          'Somebody else wrote to the destination at the same time. It was read, planned and written again, and is now as planned.',
        ]
      : []),
  ];
}

/** What can't be known of a deletion, where something is deleted. */
export function deletionNotices({ changes }: Converged): string[] {
  const gone = changes.filter(({ because }) => because === 'not in Infisical').map(({ name }) => name);
  if (gone.length === 0) return [];
  return [
    `Infisical no longer returns a secret for ${quotedList(gone)}. A secret that this machine identity may no longer see looks like a deleted one.`,
  ];
}

/** The report of a run that went to its end. */
export function finishedReport(
  config: Config,
  place: Place,
  found: {
    converged: Converged;
    warnings: string[];
    notices: string[];
    usage: Usage[];
    verdict: Verdict | undefined;
  },
): Report {
  const { converged, warnings, notices, usage, verdict } = found;
  const counts = countChanges(converged.changes);
  const { existed } = converged;
  return {
    ...emptyReport(config, place.kind === 'variableGroup' ? { ...place, existed } : place),
    status: statusOf(config.settings.action, converged.wrote),
    counts,
    hasChanges: hasChanges(counts),
    changes: shownChanges(converged.changes),
    warnings: [...warnings, ...(verdict?.warnings ?? [])],
    notices,
    ...(usage.length === 0 ? {} : { usage }),
    ...(converged.digest === undefined ? {} : { planDigest: converged.digest }),
    ...(verdict?.failure === undefined ? {} : { failure: verdict.failure }),
  };
}

/** The report of a run that autoSync keeps from writing. */
export function skippedReport(config: Config, place: Place, reason: string | undefined): Report {
  const given = reason === undefined ? 'the agent gives no reason' : `reason ${quoted(reason)}`;
  const notice = `autoSync is false and this run was not started by a person (${given}).`;
  return { ...emptyReport(config, place), status: 'skipped', notices: [notice, ...config.notices] };
}

function statusOf(action: Report['action'], wrote: boolean): Report['status'] {
  if (onlyLooks(action)) return 'planned';
  if (!wrote) return 'unchanged';
  return action === 'remove' ? 'removed' : 'synced';
}

const outcomes: Record<Report['status'], string> = {
  synced: 'Synced and verified',
  removed: 'Removed and verified',
  unchanged: 'Nothing to write',
  planned: 'Planned only, nothing was written',
  skipped: 'Skipped, nothing was read or written',
};

/** The last line of the log. */
export function outcomeLine(report: Report, title: string): string {
  if (report.status === 'skipped') return `${outcomes.skipped}: ${title}.`;
  if (isNoGroup(report)) return nothingThere(report, title);
  const mark = isNewGroup(report) ? ' (new group)' : '';
  const overview = overviewOf(report, report.status === 'planned' ? 'planned' : 'done');
  return `${outcomeOf(report)}: ${title}${mark}: ${overview}.`;
}

function outcomeOf({ status, action, destination }: Report): string {
  if (status === 'planned' && action === 'check') return 'Checked only, nothing was written';
  if (status === 'unchanged' && action === 'remove') return 'Nothing to remove';
  // The agent confirms nothing, so nothing is verified.
  if (status === 'synced' && destination.kind === 'pipelineVariables') return 'Set';
  return outcomes[status];
}

function nothingThere({ action }: Report, title: string): string {
  return action === 'remove'
    ? `${capitalized(title)} does not exist, so there is nothing to remove.`
    : `${capitalized(title)} does not exist, and there is nothing to write into it, so it is not created.`;
}

function emptyReport(config: Config, place: Place): Report {
  const { source, settings } = config;
  const sync = config.takeOver?.name ?? config.wizardSync?.name;
  return {
    syncName: settings.syncName,
    action: settings.action,
    status: 'unchanged',
    hasChanges: false,
    source: {
      project: source.project.text,
      ...(sync === undefined ? {} : { sync }),
      environment: source.environment,
      secretPath: source.secretPath,
    },
    destination: place,
    counts: countChanges([]),
    changes: [],
    warnings: [],
    notices: [],
  };
}
