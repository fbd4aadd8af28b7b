import { countsText, type Place, type Report, type Usage } from './report.js';
import { harmless, shown } from './text.js';

/** More rows than this help nobody on a run page; the JSON report has them all. */
const mostRows = 200;

const headlines: Record<Report['status'], string> = {
  synced: '✅ Synced',
  unchanged: '✅ Nothing to do',
  planned: '📝 Plan – nothing was written',
  skipped: '⏭️ Skipped – nothing was written',
  removed: '✅ Removed',
};

/** The Markdown of the run page: where from, where to, what changed and why. Names only, never a value. */
export function renderSummary(report: Report): string {
  const { source, destination } = report;
  return [
    `## ${headline(report)}: ${countsText(report.counts, report.status === 'planned' ? 'planned' : 'done')}`,
    '',
    `**Infisical** project ${code(source.project)}, environment ${code(source.environment)}, path ${code(source.secretPath)} → **Azure DevOps** ${placeText(destination)}`,
    '',
    ...notes('⚠️', report.warnings),
    ...notes('ℹ️', report.notices),
    ...(report.usage ?? []).flatMap(usageBlock),
    ...changeTable(report),
    `Sync ${code(report.syncName)} · action ${code(report.action)} · no values are shown or stored here.`,
    '',
  ].join('\n');
}

function placeText(place: Place): string {
  switch (place.kind) {
    case 'variableGroup':
      return `variable group ${code(place.name)} in project ${code(place.project)}`;
    case 'pipelineVariables':
      return 'pipeline variables of this run';
    case 'pipelineDefinition':
      return `variables of pipeline ${code(place.name)} (ID ${String(place.id)}) in project ${code(place.project)}`;
  }
}

/** A fence longer than any run of backticks inside can't be closed from inside. */
function usageBlock({ title, yaml }: Usage): string[] {
  const lines = yaml.map(harmless);
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []);
  const longest = runs.reduce((most, run) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return [`${escapeMarkdown(title)}:`, '', `${fence}yaml`, ...lines, fence, ''];
}

function headline({ status, destination }: Report): string {
  return status === 'synced' && destination.kind === 'pipelineVariables' ? '✅ Set' : headlines[status];
}

/** What the run page shows of a run that stopped: the same message as the log, as plain text. */
export function renderFailure(message: string, state: string): string {
  const lines = message.split('\n').map((line) => `> ${escapeMarkdown(line)}`);
  return ['## ❌ Failed', '', ...lines.join('\n>\n').split('\n'), '', escapeMarkdown(state), ''].join('\n');
}

function changeTable(report: Report): string[] {
  const order = ['delete', 'create', 'update', 'rewrite', 'keep'];
  const rows = report.changes.toSorted((a, b) => order.indexOf(a.change) - order.indexOf(b.change));
  if (rows.length === 0) return [];
  const more = rows.length - mostRows;
  return [
    '| Variable | Change | Why |',
    '| --- | --- | --- |',
    ...rows
      .slice(0, mostRows)
      .map(({ name, change, because }) => `| ${code(name)} | ${change} | ${escapeMarkdown(because)} |`),
    ...(more > 0 ? [`| … | | ${String(more)} more in the report file |`] : []),
    '',
  ];
}

function notes(sign: string, texts: readonly string[]): string[] {
  return texts.flatMap((text) => [`> ${sign} ${escapeMarkdown(text)}`, '']);
}

/** Names come from people: they must neither close the code span nor the table cell, nor begin HTML. */
function code(name: string): string {
  const text = shown(name);
  return text.trim() === '' || /[`<|\\]/.test(text) ? escapeMarkdown(text) : `\`${text}\``;
}

/** Where renderers make links of addresses that stand in the text: `:`, `@`, and `.` within a word. */
const linking: Record<string, string> = { ':': '&#58;', '@': '&#64;', '.': '&#46;' };

function escapeMarkdown(text: string): string {
  return harmless(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_{}[\]()#|!~>]/g, '\\$&')
    .replace(/:(?=\S)|@|\.(?=\w)/g, (sign) => linking[sign] ?? sign);
}
