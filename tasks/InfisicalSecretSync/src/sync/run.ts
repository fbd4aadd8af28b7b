import type { Config } from '../config/config.js';
import { converge } from './converge.js';
import { mayWrite } from '../domain/auto-sync.js';
import { desiredNotices, desiredVariables } from '../domain/desired.js';
import type { Desired, DestinationPlan } from '../domain/destination-plan.js';
import { namesOnly } from '../domain/names-only.js';
import { groupGoes } from '../domain/plan-notices.js';
import { honeyTokenNotices } from '../domain/honey-tokens.js';
import { renderPlanTable } from '../domain/plan-table.js';
import { countChanges, overviewOf, shownChanges, type Report } from '../domain/report.js';
import { withoutReserved } from '../domain/record/reserved.js';
import { mergeSource, refuseEmptySource, type MergedSource, type SourceListing } from '../domain/source.js';
import { verdictOn } from '../domain/verdict.js';
import type {
  Clock,
  JobVariables,
  Permissions,
  Prints,
  SecretSource,
  TaskHost,
  TeamProjects,
  VariableStore,
} from '../ports.js';
import { logNotices } from './publish.js';
import { noticesOn, refuseSecondWriter } from './take-over.js';
import { rememberingFor } from './recording.js';
import { readBoth } from './reading.js';
import { deletionNotices, finishedReport, outcomeLine, skippedReport, warningsFor } from './report.js';
import { StoppedRun, type WriteState } from './write-state.js';

/** One destination, with what only its kind can. */
export interface DestinationParts {
  store: VariableStore;
  permissions?: Permissions;
  jobVariables?: JobVariables;
  projects?: TeamProjects;
}

export interface Parts extends DestinationParts {
  source: SecretSource;
  host: TaskHost;
  clock: Clock;
  prints: Prints;
  /** Build.Reason or Release.Reason; undefined where the agent gives none. */
  reason: string | undefined;
  /** About the way to both services. */
  warnings: readonly string[];
}

/**
 * One run: read → plan → guard → apply → verify → report.
 * @throws StoppedRun, which says why (a SyncError, where that was on purpose) and what was written by then
 */
export async function run(config: Config, parts: Parts): Promise<Report> {
  let state: WriteState = 'nothing written';
  try {
    if (!mayWrite(config.settings, parts.reason)) return skip(config, parts);
    logNotices(config.notices, parts.host);
    return await sync(config, parts, (reached) => {
      state = reached;
    });
  } catch (cause) {
    throw new StoppedRun(state, cause);
  }
}

function skip(config: Config, { host, store, reason }: Parts): Report {
  const report = skippedReport(config, store.place, reason);
  host.log(outcomeLine(report, store.title));
  logNotices(report.notices, host);
  return report;
}

async function sync(config: Config, parts: Parts, stateIs: (state: WriteState) => void): Promise<Report> {
  const { host, source, store, clock } = parts;
  const { settings } = config;
  let signedOut: Promise<void> | undefined;
  try {
    await refuseSecondWriter(config, parts.projects);
    const [listing, current] = await readBoth(config, parts);
    // Infisical is not asked again, so it answers this while the destination is written.
    signedOut = source.signOut();
    const { digest, recorded, notices } = rememberingFor(config, listing, parts.prints);
    const merged = mergedFrom(withoutReserved(listing), config, host);
    const desired = { ...desiredFrom(merged, config, parts), ...recorded };
    const beforehand = [
      ...honeyTokenNotices(listing, merged.secrets),
      ...desiredNotices(desired.variables),
      ...notices,
    ];
    logNotices(beforehand, host);
    host.progress(40, 'Planning');
    const show = (plan: DestinationPlan): void => {
      showPlan(plan, parts);
    };
    const converged = await converge(current, { settings, desired, store, clock, show, stateIs, digest });
    host.progress(90, 'Reporting');
    const afterwards = [...converged.notices, ...deletionNotices(converged)];
    const refused = settings.action === 'sync' ? ((await parts.permissions?.authorize()) ?? []) : [];
    const report = finishedReport(config, store.place, {
      converged,
      warnings: [...parts.warnings, ...merged.warnings, ...warningsFor(converged, merged), ...refused],
      notices: [...noticesOn(config), ...merged.notices, ...beforehand, ...afterwards],
      verdict: settings.action === 'check' ? verdictOn(converged.changes, store.title) : undefined,
      usage: parts.jobVariables?.usage(converged.changes) ?? [],
    });
    host.log(outcomeLine(report, store.title));
    logNotices(afterwards, host);
    return report;
  } finally {
    await (signedOut ?? source.signOut());
  }
}

function mergedFrom(listing: SourceListing, { source, settings }: Config, host: TaskHost): MergedSource {
  const merged = settings.action === 'remove' ? namesOnly(listing, source) : mergeSource(listing, source);
  logNotices(merged.notices, host);
  refuseEmptySource(merged, source, settings);
  return merged;
}

function desiredFrom(merged: MergedSource, { settings }: Config, { jobVariables }: Parts): Desired {
  const { keySchema, plainTag } = settings;
  return {
    // Whatever a secret's name, removing must be possible: names are judged only where they would be written.
    variables:
      settings.action === 'remove'
        ? []
        : desiredVariables(
            merged.secrets,
            { keySchema, plainTag },
            (variables) => jobVariables?.problemsWith(variables) ?? [],
          ),
    names: merged.secrets.map(({ key }) => keySchema.nameFor(key)),
    untagged: merged.untagged.map((key) => keySchema.nameFor(key)),
    sourceMayBeIncomplete: merged.silentImports.length > 0,
  };
}

function showPlan(plan: DestinationPlan, { host, store }: Parts): void {
  const changes = shownChanges(plan.changes);
  if (plan.exists || changes.length > 0) {
    const mark = plan.exists ? '' : ' (new group)';
    const overview = overviewOf({ counts: countChanges(plan.changes), changes }, 'planned');
    host.log(`Plan for ${store.title}${mark}: ${overview}.`);
  }
  for (const line of renderPlanTable(changes)) host.log(line);
  if (plan.write === 'delete') host.log(groupGoes);
  host.progress(50, 'Writing');
}
