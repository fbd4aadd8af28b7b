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

/** What is left out first when there are too many. */
const byWeight: readonly Change['kind'][] = ['delete', 'create', 'update', 'rewrite', 'keep'];

/** The plan as lines of the log: sign, name, change, why. Names only, never a value. */
export function renderPlanTable(changes: Report['changes']): string[] {
  const more = changes.length - mostRows;
  const rows = (more > 0 ? weightiest(changes) : changes).map(({ name, change, because }) => ({
    sign: signs[change],
    name: shown(name),
    change,
    because,
  }));
  const width = rows.reduce((widest, { name }) => Math.max(widest, Math.min(60, name.length)), 8);
  return [
    `    ${'VARIABLE'.padEnd(width)}  CHANGE   WHY`,
    ...rows.map(
      ({ sign, name, change, because }) => `  ${sign} ${name.padEnd(width)}  ${change.padEnd(7)}  ${because}`,
    ),
    ...(more > 0 ? [`    … ${String(more)} more in the report file`] : []),
  ];
}

/** In their own order again. */
function weightiest(changes: Report['changes']): Report['changes'] {
  const sorted = changes.toSorted((a, b) => byWeight.indexOf(a.change) - byWeight.indexOf(b.change));
  const kept = new Set(sorted.slice(0, mostRows));
  return changes.filter((change) => kept.has(change));
}
