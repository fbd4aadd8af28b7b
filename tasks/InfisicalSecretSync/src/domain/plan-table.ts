import type { Report } from './report.js';
import { shown } from './text.js';

const signs: Record<Report['changes'][number]['change'], string> = {
  create: '+',
  update: '~',
  rewrite: '=',
  delete: '-',
  keep: ' ',
};

/** The plan as lines of the log: sign, name, change, why. Names only, never a value. */
export function renderPlanTable(changes: Report['changes']): string[] {
  const rows = changes.map(({ name, change, because }) => ({
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
  ];
}
