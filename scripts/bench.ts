import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { measureAll } from './bench/figures.js';
import { documentsFolder, writeDocuments } from './bench/documents.js';
import { drawPlots } from './bench/plots.js';
import { Services } from './bench/services-client.js';
import { buildSubjects } from './bench/subjects.js';
import { goalTable, processTables } from './bench/tables.js';
import { installOnDemand } from './shared/on-demand.js';
import { packageExtension } from './package/extension.js';
import { packages, root } from './shared/paths.js';
import { onDemand } from '../emulators/on-demand/on-demand.js';
import { runCommand } from './shared/run-command.js';

/**
 * `npm run bench`: what the packaged task costs as a whole process, beside other ways to do the same. With
 * `--write-docs` the figures go into docs/performance.md, too; `--runs` is how many count, 15 unless given.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { runs: { type: 'string', default: '15' }, 'write-docs': { type: 'boolean', default: false } },
  });
  const installed = onDemand('infisical-sdk-js') === undefined ? installOnDemand('bench') : 0;
  if (installed !== 0) return installed;
  console.log('Packaging …');
  await packageExtension();
  await buildSubjects();
  const services = new Services();
  const say = (line: string): void => {
    console.log(`Measuring: ${line}`);
  };
  const figures = await measureAll({ services, runs: Number(values.runs), say }).finally(() =>
    services.end(),
  );
  const folder = join(packages, 'bench');
  const plot = drawPlots(figures);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'figures.json'), JSON.stringify(figures, undefined, 2));
  writeFileSync(join(folder, 'time.png'), plot);
  if (values['write-docs']) await writeDocuments(figures, plot);
  console.log(`\n${processTables(figures)}\n\n${goalTable(figures)}\n`);
  const written = [folder, ...(values['write-docs'] ? [documentsFolder] : [])];
  console.log(`Figures and plot: ${written.map((path) => relative(root, path)).join(', ')}`);
  return 0;
}

runCommand(main);
