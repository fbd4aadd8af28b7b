import type { Config } from '../config/config.js';
import { converge } from './converge.js';
import type { WriteState } from './rounds.js';
import { desiredNotices, desiredVariables } from '../domain/desired.js';
import { SourceError } from '../domain/errors.js';
import type { Desired, DestinationPlan } from '../domain/destination-plan.js';
import { renderPlanTable } from '../domain/plan-table.js';
import { countChanges, countsText, shownChanges, type Report } from '../domain/report.js';
import { mergeSource, type MergedSource } from '../domain/source.js';
import { quoted, quotedList } from '../domain/text.js';
import type { Clock, SecretSource, TaskHost, VariableStore } from '../ports.js';
import { readBoth } from './reading.js';
import { finishedReport, outcomeLine, skippedReport, warningsFor } from './report.js';

export interface Parts {
  source: SecretSource;
  store: VariableStore;
  host: TaskHost;
  clock: Clock;
  /** Build.Reason or Release.Reason; undefined where the agent gives none. */
  reason: string | undefined;
  /** About the way to both services. */
  warnings: readonly string[];
  stateIs(state: WriteState): void;
}

/**
 * One run: read → plan → guard → apply → verify → report.
 * @throws SyncError when it had to stop; until the state says otherwise nothing was written.
 */
export async function run(config: Config, parts: Parts): Promise<Report> {
  const { host, source } = parts;
  if (!mayWrite(config, parts.reason)) {
    const report = skippedReport(config, parts.store.place, parts.reason);
    host.log(outcomeLine(report, parts.store.title));
    return report;
  }
  let signedOut: Promise<void> | undefined;
  try {
    const [listing, group] = await readBoth(config, parts);
    // Infisical is not asked again, so it answers this while the destination is written.
    signedOut = source.signOut();
    const merged = mergeSource(listing, config.source);
    refuseEmptySource(merged, config);
    const desired = desiredFrom(merged, config, parts.store);
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
    const refused = config.settings.action === 'sync' ? ((await parts.store.authorize?.()) ?? []) : [];
    const warnings = [...parts.warnings, ...merged.warnings, ...warningsFor(converged, merged), ...refused];
    const notices = [...merged.notices, ...desiredNotices(desired.variables)];
    const usage = parts.store.usage?.(converged.changes) ?? [];
    const report = finishedReport(config, parts.store.place, { converged, warnings, notices, usage });
    host.log(outcomeLine(report, parts.store.title));
    return report;
  } finally {
    await (signedOut ?? source.signOut());
  }
}

/** Without autoSync only a person's run writes. Who started it is known only where the agent says `Manual`. */
function mayWrite({ settings }: Config, reason: string | undefined): boolean {
  return settings.autoSync || settings.action === 'plan' || reason?.toLowerCase() === 'manual';
}

function refuseEmptySource(merged: MergedSource, { source, settings }: Config): void {
  if (merged.secrets.length > 0 || settings.allowEmptySource || settings.action === 'remove') return;
  const tags = source.tags.length === 0 ? '' : ` tagged ${quotedList(source.tags)}`;
  throw new SourceError(
    `Infisical gave no secrets${tags} for environment ${quoted(source.environment)}, path ${quoted(source.secretPath)}. ` +
      'A role that may not read them looks the same. Check path and role; if the folder is meant to be empty, set allowEmptySource to true.',
  );
}

function desiredFrom(merged: MergedSource, { settings }: Config, store: VariableStore): Desired {
  const { keySchema, plainTag } = settings;
  return {
    // Whatever a secret's name, removing must be possible: names are judged only where they would be written.
    variables:
      settings.action === 'remove'
        ? []
        : desiredVariables(
            merged.secrets,
            { keySchema, plainTag },
            (variables) => store.problemsWith?.(variables) ?? [],
          ),
    names: merged.secrets.map(({ key }) => keySchema.nameFor(key)),
    sourceMayBeIncomplete: merged.silentImports.length > 0,
  };
}

function showPlan(plan: DestinationPlan, { host, store }: Parts): void {
  host.log(`Plan for ${store.title}: ${countsText(countChanges(plan.changes), 'planned')}.`);
  for (const line of renderPlanTable(shownChanges(plan.changes))) host.log(line);
  host.progress(50, 'Writing');
}
