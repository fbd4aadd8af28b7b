import { groupedBy } from './grouping.js';
import { isNewGroup, isNoGroup, overviewOf, type Place, type Report, type Usage } from './report.js';
import { harmless, shown } from './text.js';

/** More names than this help nobody on a run page; the JSON report has them all. */
const mostNames = 200;

type Changes = Report['changes'];

const tableOrder = ['delete', 'create', 'update'] as const;

const signs: Record<Changes[number]['change'], string> = {
  delete: '🗑️',
  create: '➕',
  update: '✏️',
  rewrite: '🔁',
  keep: '✔️',
};

/** What may be read by everybody who sees the destination stands out. */
const types = { secret: 'secret', plain: '**plain**', unknown: '' } as const;

const words = {
  rewrite: { done: 'rewritten', planned: 'to rewrite' },
  keep: { done: 'kept', planned: 'to keep' },
} as const;

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
    `## ${headline(report)}`,
    '',
    `**Infisical** ${sourceText(source)} → **Azure DevOps** ${isNewGroup(report) ? '**new** ' : ''}${placeText(destination)}`,
    '',
    ...notes('❌', (report.failure ?? '').split('\n').slice(0, 1).filter(Boolean)),
    ...notes('⚠️', report.warnings),
    ...(report.usage ?? []).flatMap(usageBlock),
    ...changeList(report),
    ...notes('ℹ️', report.notices),
    `Sync ${code(report.syncName)} · action ${code(report.action)} · no values are shown or stored here.`,
    '',
  ].join('\n');
}

function sourceText({ project, sync, environment, secretPath }: Report['source']): string {
  return [
    `project ${code(project)}`,
    ...(sync === undefined ? [] : [`sync ${code(sync)}`]),
    ...(environment === '' ? [] : [`environment ${code(environment)}`, `path ${code(secretPath)}`]),
  ].join(', ');
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

function headline(report: Report): string {
  if (report.status === 'skipped') return headlines.skipped;
  if (isNoGroup(report)) return '✅ Nothing to do: the variable group does not exist';
  return `${outcome(report)}: ${overviewOf(report, report.status === 'planned' ? 'planned' : 'done')}`;
}

function outcome({ status, destination, action, failure, warnings }: Report): string {
  if (failure !== undefined) return '❌ Check failed – nothing was written';
  if (action === 'check')
    return `${warnings.length === 0 ? '✅ Check passed' : '⚠️ Check passed with warnings'} – nothing was written`;
  return status === 'synced' && destination.kind === 'pipelineVariables' ? '✅ Set' : headlines[status];
}

/** What the run page shows of a run that stopped: the same message as the log, as plain text. */
export function renderFailure(message: string, state: string): string {
  const lines = message.split('\n').map((line) => `> ${escapeMarkdown(line)}`);
  return ['## ❌ Failed', '', ...lines.join('\n>\n').split('\n'), '', escapeMarkdown(state), ''].join('\n');
}

/** What changes in a table, deletions first; what stays as it is in a line for each reason. */
function changeList({ changes, status }: Report): string[] {
  const ofKind = (kind: Changes[number]['change']): Changes =>
    changes.filter(({ change }) => change === kind);
  const table = tableOrder.flatMap(ofKind);
  const tense = status === 'planned' ? 'planned' : 'done';
  let room = mostNames - Math.min(table.length, mostNames);
  const lines = (['rewrite', 'keep'] as const).flatMap((kind) =>
    [...groupedBy(ofKind(kind), ({ because }) => because)].map(([because, alike]) => {
      const listed = alike
        .slice(0, room)
        .map(({ name, type }) => `${code(name)}${type === 'plain' ? ' (**plain**)' : ''}`);
      room -= listed.length;
      const count = `**${String(alike.length)} ${words[kind][tense]}**`;
      const list = [...listed, ...moreThan(alike.length - listed.length)].join(', ');
      return `${signs[kind]} ${count}, ${escapeMarkdown(because)}: ${list}`;
    }),
  );
  return [...changeTable(table), ...lines.flatMap((line) => [line, ''])];
}

function changeTable(changes: Changes): string[] {
  if (changes.length === 0) return [];
  const [more = ''] = moreThan(changes.length - mostNames);
  return [
    '| Change | Variable | Type | Why |',
    '| --- | --- | --- | --- |',
    ...changes
      .slice(0, mostNames)
      .map(
        ({ name, change, type, because }) =>
          `| ${signs[change]} ${change} | ${code(name)} | ${types[type ?? 'unknown']} | ${escapeMarkdown(because)} |`,
      ),
    ...(more === '' ? [] : [`| … | ${more} | | |`]),
    '',
  ];
}

function moreThan(count: number): string[] {
  return count > 0 ? [`${String(count)} more in the report file`] : [];
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
