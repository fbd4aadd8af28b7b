import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from '../shared/paths.js';
import type { Figures } from './figures.js';
import { goalTable, maskingTable, processTables, seriesTables } from './tables.js';

export const documentsFolder = join(root, 'docs/performance');
const page = join(root, 'docs/performance.md');

/** Puts the figures where people read them: tables between the page's markers, the plot and the JSON beside it. */
export async function writeDocuments(figures: Figures, plot: Buffer): Promise<void> {
  mkdirSync(documentsFolder, { recursive: true });
  writeFileSync(join(documentsFolder, 'time.png'), plot);
  await writeFormatted(join(documentsFolder, 'figures.json'), JSON.stringify(figures));
  const parts = {
    goals: goalTable(figures),
    processes: processTables(figures),
    series: seriesTables(figures),
    masker: maskerPart(figures),
    machine: machineOf(figures),
  };
  let text = readFileSync(page, 'utf8');
  for (const [name, part] of Object.entries(parts)) text = replaced(text, name, part);
  await writeFormatted(page, text);
}

function maskerPart(figures: Figures): string {
  return `${maskingTable(figures)}\n\nMeasured with the mini-agent’s masker, which works as the agent’s does: every literal is looked for in every line.`;
}

function machineOf({ measured, comparisons }: Figures): string {
  const { date, node, system, processor, load } = measured;
  const runs = String(comparisons[0]?.compared[0]?.runs ?? 0);
  const loads = load.map((value) => value.toFixed(1)).join(' and ');
  return `Measured ${date} on ${processor}, ${system}, Node ${node}; medians of ${runs} runs; load average ${loads} before and after.`;
}

function replaced(text: string, name: string, part: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to === -1) throw new Error(`docs/performance.md has no place for ${name}.`);
  return `${text.slice(0, from + begin.length)}\n\n${part}\n\n${text.slice(to)}`;
}

async function writeFormatted(path: string, text: string): Promise<void> {
  const config = await resolveConfig(path);
  writeFileSync(path, await format(text, { ...config, filepath: path }));
}
