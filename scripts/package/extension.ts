import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { bundleTask } from './bundle.js';
import { packagesIn, type ShippedPackage } from './contents.js';
import { manifestsOf, type Edition, type Manifests } from './edition.js';
import { marketplacePage } from './marketplace-page.js';
import { noticesOf } from './notices.js';
import { packages, root, taskFolder } from '../shared/paths.js';
import { binOf, runNode } from '../shared/run-node.js';
import { sbomOf } from './bill-of-materials.js';

const taskInPackage = 'tasks/InfisicalSecretSync';
/** The same in every time zone: what a zip holds is a local time. */
const timeInPackage = new Date(2000, 0, 1);

/**
 * Writes ….vsix, its bill of materials and its licence list into a folder, and unpacks it again into unpacked/ there.
 * Works offline. The same sources give the same bytes.
 * @throws Error with tfx's own words for whatever it warns about: it packs broken tasks with exit code 0
 */
export async function packageExtension(edition: Edition = {}, folder = packages): Promise<string> {
  const manifests = manifestsOf(
    {
      extension: readJson('vss-extension.json') as Manifests['extension'],
      task: readJson(relative(root, join(taskFolder, 'task.json'))) as Manifests['task'],
    },
    edition,
  );
  const stage = join(folder, 'stage');
  // Only what is made anew: the folder also holds packages of other publishers, and pages.
  for (const made of ['stage', 'made', 'unpacked'])
    rmSync(join(folder, made), { recursive: true, force: true });
  const { metafile } = await bundleTask(join(stage, taskInPackage, 'index.js'), folder);
  const shipped = packagesIn(metafile, root);
  stageFiles(stage, manifests, shipped);
  stagePage(stage, edition.documents);
  const vsix = runTfx(stage, folder);
  repack(vsix);
  writeFileSync(vsix.replace(/\.vsix$/, '.cdx.json'), billOfMaterials(stage, manifests, shipped));
  cpSync(join(stage, 'ThirdPartyNotices.txt'), join(folder, 'ThirdPartyNotices.txt'));
  unpack(vsix, join(folder, 'unpacked'));
  return vsix;
}

/** Where the package of the placeholder's publisher is, which tests look at. */
export function packagePath(): string {
  const { publisher, id, version } = readJson('vss-extension.json') as Manifests['extension'];
  return join(packages, `${publisher}.${id}-${version}.vsix`);
}

function runTfx(stage: string, folder: string): string {
  const ran = runNode(
    [
      binOf('tfx-cli', 'tfx'),
      ...['extension', 'create', '--no-prompt', '--no-color'],
      ...['--root', stage, '--manifests', 'vss-extension.json', '--output-path', join(folder, 'made')],
    ],
    { quiet: true, cwd: stage },
  );
  if (ran.status !== 0 || /warning:/i.test(ran.output)) {
    throw new Error(`tfx could not package the extension cleanly:\n${ran.output}`);
  }
  const [name = ''] = readdirSync(join(folder, 'made'));
  if (!name.endsWith('.vsix')) throw new Error(`tfx wrote no .vsix:\n${ran.output}`);
  renameSync(join(folder, 'made', name), join(folder, name));
  rmSync(join(folder, 'made'), { recursive: true });
  return join(folder, name);
}

/** Exactly what ships, beside the script. tfx looks for task.json on disk, so what is packed is laid out first. */
function stageFiles(stage: string, { extension, task }: Manifests, shipped: readonly ShippedPackage[]): void {
  writeFileSync(join(stage, taskInPackage, 'task.json'), `${JSON.stringify(task, undefined, 2)}\n`);
  cpSync(join(taskFolder, 'icon.png'), join(stage, taskInPackage, 'icon.png'));
  for (const { path } of extension.files.filter((file) => file.path.startsWith('images/')))
    cpSync(join(root, path), join(stage, path));
  cpSync(join(root, 'LICENSE'), join(stage, 'license.md'));
  writeFileSync(join(stage, 'ThirdPartyNotices.txt'), noticesOf(extension.name, shipped));
  writeFileSync(join(stage, 'vss-extension.json'), JSON.stringify(extension, undefined, 2));
}

function stagePage(stage: string, documents: string | undefined): void {
  const page = marketplacePage(readFileSync(join(root, 'overview.md'), 'utf8'), documents);
  writeFileSync(join(stage, 'overview.md'), page);
}

function billOfMaterials(
  stage: string,
  { extension }: Manifests,
  shipped: readonly ShippedPackage[],
): string {
  const scriptName = `${taskInPackage}/index.js`;
  const product = {
    name: extension.id,
    version: extension.version,
    license: (readJson('package.json') as { license: string }).license,
    scriptName,
    script: readFileSync(join(stage, scriptName)),
  };
  return sbomOf(product, shipped);
}

/** tfx writes the time of packing and the order of the disk; without both, the same sources give the same bytes. */
function repack(vsix: string): void {
  const entries = Object.entries(unzipSync(readFileSync(vsix)))
    .filter(([name]) => !name.endsWith('/'))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(vsix, zipSync(Object.fromEntries(entries), { level: 9, mtime: timeInPackage }));
}

function unpack(vsix: string, folder: string): void {
  for (const [name, content] of Object.entries(unzipSync(readFileSync(vsix)))) {
    const path = join(folder, decodeURIComponent(name));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}
