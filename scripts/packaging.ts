import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { bundleTask } from './bundle.js';
import { bundle, packages, root, stage, taskFolder, unpacked } from './paths.js';
import { binOf, runNode } from './run-node.js';

/**
 * Writes dist/….vsix and unpacks it again into dist/unpacked. Works offline.
 * @param publisher replaces the placeholder in vss-extension.json
 * @throws Error with tfx's own words for whatever it warns about: it packs broken tasks with exit code 0
 */
export async function packageExtension(publisher?: string): Promise<string> {
  await bundleTask();
  rmSync(packages, { recursive: true, force: true });
  stageFiles(publisher);
  const ran = runNode(
    [
      binOf('tfx-cli', 'tfx'),
      ...['extension', 'create', '--no-prompt', '--no-color'],
      ...['--root', stage, '--manifests', 'vss-extension.json', '--output-path', packages],
    ],
    { quiet: true, cwd: stage },
  );
  if (ran.status !== 0 || /warning:/i.test(ran.output)) {
    throw new Error(`tfx could not package the extension cleanly:\n${ran.output}`);
  }
  const vsix = readdirSync(packages).find((name) => name.endsWith('.vsix'));
  if (vsix === undefined) throw new Error(`tfx wrote no .vsix:\n${ran.output}`);
  const path = join(packages, vsix);
  unpack(path);
  return path;
}

/** Exactly what ships. tfx looks for task.json on disk, so what is packed is laid out first. */
function stageFiles(publisher: string | undefined): void {
  const staged = join(stage, 'tasks/InfisicalSecretSync');
  mkdirSync(staged, { recursive: true });
  cpSync(join(taskFolder, 'task.json'), join(staged, 'task.json'));
  cpSync(join(taskFolder, 'icon.png'), join(staged, 'icon.png'));
  cpSync(bundle, join(staged, 'index.js'));
  cpSync(join(root, 'images/icon.png'), join(stage, 'images/icon.png'));
  cpSync(join(root, 'overview.md'), join(stage, 'overview.md'));
  cpSync(join(root, 'LICENSE'), join(stage, 'license.md'));
  const manifest = JSON.parse(readFileSync(join(root, 'vss-extension.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  const named = publisher === undefined ? manifest : { ...manifest, publisher };
  writeFileSync(join(stage, 'vss-extension.json'), JSON.stringify(named, undefined, 2));
}

function unpack(vsix: string): void {
  for (const [name, content] of Object.entries(unzipSync(readFileSync(vsix)))) {
    if (name.endsWith('/')) continue;
    const path = join(unpacked, decodeURIComponent(name));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}
