import type { Change } from './plan.js';
import type { Report } from './report.js';
import { shown } from './text.js';

const signs: Record<Report['changes'][number]['change'], string> = {
  create: '+',
  update: '~',
  rewrite: '=',
  delete: '-',
  keep: ' ',
};

/**
 * More rows than this flood a log, and the agent looks for every masked value in each of them: thousands of rows beside
 * thousands of values would hold up the job. The JSON report has them all.
 */
const mostRows = 200;

/** What may be read by everybody who sees the destination stands out. */
const types = { secret: 'secret', plain: 'PLAIN', unknown: '' } as const;

const widestName = 60;

/** What is left out first when there are too many. */
const byWeight: readonly Change['kind'][] = ['delete', 'create', 'update', 'rewrite', 'keep'];

/** The plan as lines of the log: sign, name, change, type, why. Names only, never a value. */
export function renderPlanTable(changes: Report['changes']): string[] {
  if (changes.length === 0) return [];
  const more = changes.length - mostRows;
  const rows = weightiest(changes).map((change) => ({
    ...change,
    name: shown(change.name),
  }));
  const width = rows.reduce((widest, { name }) => Math.max(widest, Math.min(widestName, name.length)), 8);
  return [
    `    ${'VARIABLE'.padEnd(width)}  CHANGE   TYPE    WHY`,
    ...rows.flatMap((row) => linesOf(row, width)),
    ...(more > 0 ? [`    … ${String(more)} more in the report file`] : []),
  ];
}

/** A name that is wider than its column has a line of its own, so that the columns stay where they are. */
function linesOf({ name, change, type, because }: Report['changes'][number], width: number): string[] {
  const start = `  ${signs[change]} ${name.padEnd(width)}`;
  const rest = `  ${change.padEnd(7)}  ${types[type ?? 'unknown'].padEnd(6)}  ${because}`;
  return name.length > width ? [start, `    ${' '.repeat(width)}${rest}`] : [`${start}${rest}`];
}

/** In their own order again. */
function weightiest(changes: Report['changes']): Report['changes'] {
  const sorted = changes.toSorted((a, b) => byWeight.indexOf(a.change) - byWeight.indexOf(b.change));
  const kept = new Set(sorted.slice(0, mostRows));
  return changes.filter((change) => kept.has(change));
}
