import type { Config } from './config/config.js';
import { converge, type Converged, type WriteState } from './converge.js';
import { desiredNotices, desiredVariables } from './domain/desired.js';
import { SourceError, SyncError } from './domain/errors.js';
import type { Desired, GroupPlan } from './domain/group-plan.js';
import { maskForms } from './domain/masks.js';
import type { Change } from './domain/plan.js';
import { renderPlanTable } from './domain/plan-table.js';
import { countChanges, countsText, hasChanges, shownChanges, type Report } from './domain/report.js';
import { mergeSource, type MergedSource, type SourceListing } from './domain/source.js';
import { counted, quoted, quotedList } from './domain/text.js';
import type { Clock, ReadGroup, SecretSource, TaskHost, VariableStore } from './ports.js';

export interface Parts {
  source: SecretSource;
  store: VariableStore;
  host: TaskHost;
  clock: Clock;
  /** Build.Reason or Release.Reason; undefined where the agent gives none. */
  reason: string | undefined;
  /** How the destination's project is called in reports. */
  projectName: string;
  stateIs(state: WriteState): void;
}

/**
 * One run: read → plan → guard → apply → verify → report.
 * @throws SyncError when it had to stop; until the state says otherwise nothing was written.
 */
export async function run(config: Config, parts: Parts): Promise<Report> {
  if (!mayWrite(config, parts.reason)) return skipped(config, parts);
  const { host, source } = parts;
  try {
    const [listing, group] = await readBoth(config, parts);
    const merged = mergeSource(listing, config.source);
    refuseEmptySource(merged, config);
    const desired = desiredFrom(merged, config);
    host.progress(40, 'Planning');
    const converged = await converge(group, {
      settings: config.settings,
      desired,
      store: parts.store,
      clock: parts.clock,
      show: (plan) => {
        showPlan(plan, parts);
      },
      stateIs: (state) => {
        parts.stateIs(state);
      },
    });
    host.progress(90, 'Reporting');
    const refused = await authorize(config, converged, parts);
    const warnings = [...merged.warnings, ...warningsFor(converged, merged), ...refused];
    const notices = [...merged.notices, ...desiredNotices(desired.variables)];
    return reportOf(config, parts, { converged, warnings, notices });
  } finally {
    await source.signOut();
  }
}

/** Without autoSync only a person's run writes. Who started it is known only where the agent says `Manual`. */
function mayWrite({ settings }: Config, reason: string | undefined): boolean {
  return settings.autoSync || settings.action === 'plan' || reason?.toLowerCase() === 'manual';
}

async function readBoth(config: Config, { source, store, host }: Parts): Promise<[SourceListing, ReadGroup]> {
  const { project, environment, secretPath } = config.source;
  host.log(
    `Reading Infisical project ${quoted(project.text)}, environment ${quoted(environment)}, path ${quoted(secretPath)}, and ${store.title}.`,
  );
  host.progress(10, 'Reading');
  const readAndMask = async (): Promise<SourceListing> => {
    const listing = await source.read();
    const rows = [...listing.secrets, ...listing.imports.flatMap((entry) => entry.secrets)];
    host.mask(maskForms(rows.map(({ value }) => value)));
    return listing;
  };
  const [listing, group] = await Promise.allSettled([readAndMask(), store.read()]);
  if (listing.status === 'fulfilled' && group.status === 'fulfilled') return [listing.value, group.value];
  const causes = [listing, group].flatMap((read): unknown[] =>
    read.status === 'rejected' ? [read.reason] : [],
  );
  const [first, second] = causes;
  if (first instanceof SyncError && second instanceof SyncError && first.name !== 'CancelledError') {
    throw new SyncError(`${first.message}\n${second.message}`, { cause: new AggregateError(causes) });
  }
  throw first;
}

function refuseEmptySource(merged: MergedSource, { source, settings }: Config): void {
  if (merged.secrets.length > 0 || settings.allowEmptySource || settings.action === 'remove') return;
  const tags = source.tags.length === 0 ? '' : ` tagged ${quotedList(source.tags)}`;
  throw new SourceError(
    `Infisical gave no secrets${tags} for environment ${quoted(source.environment)}, path ${quoted(source.secretPath)}. ` +
      'A role that may not read them looks the same. Check path and role; if the folder is meant to be empty, set allowEmptySource to true.',
  );
}

function desiredFrom(merged: MergedSource, { settings }: Config): Desired {
  const { keySchema, plainTag } = settings;
  return {
    // Whatever a secret's name, removing must be possible: names are judged only where they would be written.
    variables: settings.action === 'remove' ? [] : desiredVariables(merged.secrets, { keySchema, plainTag }),
    names: merged.secrets.map(({ key }) => keySchema.nameFor(key)),
    sourceMayBeIncomplete: merged.silentImports.length > 0,
  };
}

function showPlan(plan: GroupPlan, { host, store }: Parts): void {
  host.log(`Plan for ${store.title}: ${countsText(countChanges(plan.changes), 'planned')}.`);
  for (const line of renderPlanTable(shownChanges(plan.changes))) host.log(line);
  host.progress(50, 'Writing');
}

async function authorize(config: Config, { groupId }: Converged, { store }: Parts): Promise<string[]> {
  const { action } = config.settings;
  if (groupId === undefined || action !== 'sync') return [];
  return store.authorize(groupId);
}

function warningsFor({ changes, contested }: Converged, merged: MergedSource): string[] {
  const named = (test: (change: Change) => boolean): string[] => changes.filter(test).map(({ name }) => name);
  const emptied = named(({ because }) => because === 'emptied');
  const withheld = named(({ because }) => because === 'an import gave no secret');
  return [
    ...(emptied.length === 0
      ? []
      : [
          `${counted(emptied.length, 'secret')} became empty in Infisical: ${quotedList(emptied)}. Azure DevOps can’t hold an empty secret, so each is a plain empty variable now.`,
        ]),
    ...(withheld.length === 0
      ? []
      : [
          `Nothing was taken away, because ${counted(merged.silentImports.length, 'import')} (${quotedList(merged.silentImports)}) gave no secret, and an import that may not be read looks just the same. Kept: ${quotedList(withheld)}. Let the machine identity read the import, or delete the import in Infisical.`,
        ]),
    ...(contested
      ? [
          'Somebody else wrote the group at the same time; it was read, planned and written again, and is as planned now.',
        ]
      : []),
  ];
}

function reportOf(
  config: Config,
  { host, store, projectName }: Parts,
  found: { converged: Converged; warnings: string[]; notices: string[] },
): Report {
  const { converged, warnings, notices } = found;
  const counts = countChanges(converged.changes);
  const { action } = config.settings;
  const status = statusOf(action, converged.wrote);
  const report: Report = {
    ...emptyReport(config, projectName),
    status,
    counts,
    hasChanges: hasChanges(counts),
    changes: shownChanges(converged.changes),
    warnings,
    notices,
  };
  if (converged.groupId !== undefined) report.destination.id = converged.groupId;
  host.log(outcomeLine(report, store.title));
  return report;
}

function statusOf(action: Report['action'], wrote: boolean): Report['status'] {
  if (action === 'plan') return 'planned';
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

function outcomeLine({ status, counts }: Report, title: string): string {
  const tense = status === 'planned' ? 'planned' : 'done';
  return `${outcomes[status]}: ${title}: ${countsText(counts, tense)}.`;
}

function skipped(config: Config, { host, projectName, reason }: Parts): Report {
  const why = `autoSync is false and this run was not started by a person (${reason === undefined ? 'the agent gives no reason' : `reason ${quoted(reason)}`}).`;
  host.log(`Skipped: ${why} Nothing was read or written.`);
  return { ...emptyReport(config, projectName), status: 'skipped', notices: [why] };
}

function emptyReport({ source, destination, settings }: Config, projectName: string): Report {
  return {
    syncName: settings.syncName,
    action: settings.action,
    status: 'unchanged',
    hasChanges: false,
    source: { project: source.project.text, environment: source.environment, secretPath: source.secretPath },
    destination: { kind: 'variableGroup', project: projectName, name: destination.variableGroup },
    counts: countChanges([]),
    changes: [],
    warnings: [],
    notices: [],
  };
}
