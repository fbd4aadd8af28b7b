import type { Comparison, Figures } from './figures.js';
import { goalsFrom } from './goals.js';
import type { Spread } from './statistics.js';

/** Goal, figure and verdict, as a Markdown table. */
export function goalTable(figures: Figures): string {
  const rows = goalsFrom(figures).map(({ what, goal, figure, holds }) => [
    what,
    goal,
    figure,
    holds ? 'holds' : 'missed',
  ]);
  return table(['', 'goal', 'figure', 'verdict'], rows);
}

/** Every comparison as a Markdown table, the smallest first. */
export function processTables({ comparisons }: Figures): string {
  return comparisons.map(comparisonTable).join('\n\n');
}

function comparisonTable({ secrets, tls, compared }: Comparison): string {
  return table(
    [
      `${secrets.toLocaleString('en-US')} secrets${tls ? ', TLS' : ''}`,
      'whole run',
      'half of all runs',
      '× plain sync',
      'first request',
      'CPU',
      'peak memory',
      'requests',
    ],
    compared.map((figure) => [
      figure.title,
      milliseconds(figure.wallMs.median),
      between(figure.wallMs),
      figure.wallRatio.median.toFixed(2),
      figure.startMs === undefined ? '–' : milliseconds(figure.startMs.median),
      `${milliseconds(figure.cpuMs.median)} (${figure.cpuRatio.median.toFixed(2)} ×)`,
      `${figure.peakMb.median.toFixed(1)} MB (${figure.peakRatio.median.toFixed(2)} ×)`,
      String(figure.requests),
    ]),
  );
}

/** Time against secrets and against latency, as Markdown tables. */
export function seriesTables({ bySecrets, byLatency }: Figures): string {
  const titles = byLatency[0]?.figures.map(({ title }) => title) ?? [];
  const tableOf = (points: Figures['bySecrets'], label: (at: number) => string): string =>
    table(
      ['', ...points.map(({ at }) => label(at))],
      titles.map((title) => [
        title,
        ...points.map(({ figures }) => {
          const found = figures.find((figure) => figure.title === title);
          return found === undefined ? '–' : milliseconds(found.wallMs.median);
        }),
      ]),
    );
  return [
    tableOf(bySecrets, (at) => `${at.toLocaleString('en-US')} secrets`),
    tableOf(byLatency, (at) => `${String(at)} ms an answer`),
  ].join('\n\n');
}

/** What a log line of another step costs, by how many values the agent knows. */
export function maskingTable({ masking }: Figures): string {
  return table(
    ['masks', 'a log line of 90 characters'],
    masking.map(({ masks, microsecondsPerLine }) => [
      masks.toLocaleString('en-US'),
      `${microsecondsPerLine.toFixed(0)} µs`,
    ]),
  );
}

function between({ low, high }: Spread): string {
  return `${low.toFixed(0)}–${high.toFixed(0)} ms`;
}

function milliseconds(value: number): string {
  return `${value.toFixed(0)} ms`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, column) =>
    Math.max(3, cell.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
