import { renderReport, type outputNames, type Report } from '../domain/report.js';
import { renderFailure, renderSummary } from '../domain/summary.js';
import type { TaskHost } from '../ports.js';

/** Shows at once what a person should know, so that it is there too if the run stops later. */
export function logNotices(notices: readonly string[], host: TaskHost): void {
  for (const notice of notices) host.log(`Note: ${notice}`);
}

/** Hands a finished run to the agent: warnings, the report file, the summary, output variables. */
export function publishReport(report: Report, host: TaskHost): void {
  for (const warning of report.warnings) host.warn(warning);
  const reportFile = host.writeFile('report.json', renderReport(report));
  const { counts, destination } = report;
  const groupId = destination.kind === 'variableGroup' ? destination.id : undefined;
  const outputs: Record<(typeof outputNames)[number], string> = {
    syncStatus: report.status,
    hasChanges: String(report.hasChanges),
    createdCount: String(counts.created),
    updatedCount: String(counts.updated),
    rewrittenCount: String(counts.rewritten),
    deletedCount: String(counts.deleted),
    keptCount: String(counts.kept),
    variableGroupId: groupId === undefined ? '' : String(groupId),
    planDigest: report.planDigest ?? '',
    reportFile,
  };
  for (const [name, value] of Object.entries(outputs)) host.setOutput(name, value);
  host.uploadSummary(
    host.writeFile(`Infisical sync ${report.syncName.slice(0, 80)}.md`, renderSummary(report)),
  );
  host.progress(100, 'Done');
}

/** Shows on the run page why a run stopped and what that means for the destination. */
export function publishFailure(message: string, state: string, host: TaskHost): void {
  host.uploadSummary(host.writeFile('Infisical sync failed.md', renderFailure(message, state)));
}
