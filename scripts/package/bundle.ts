import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { root, taskFolder } from '../shared/paths.js';
import { taskLibInParts } from './task-lib-parts.js';

/**
 * Bundles the task into the one script that ships. The source map goes to a folder of its own: it stays out of the
 * package.
 */
export async function bundleTask(
  outfile: string,
  mapFolder: string,
): Promise<{ bytes: number; metafile: Metafile }> {
  const result = await build({
    entryPoints: [join(taskFolder, 'src/main.ts')],
    outfile,
    // What the metafile calls its files by, wherever the script was started.
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    plugins: [taskLibInParts],
    minify: true,
    sourcemap: 'external',
    // Licences are shipped whole, in ThirdPartyNotices.txt.
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    // task-lib reads its messages by a path that is known only at run time; they are embedded since 5.279.
    logOverride: { 'require-resolve-not-external': 'silent' },
  });
  if (result.warnings.length > 0) throw new Error('esbuild gave warnings, which are above.');
  mkdirSync(mapFolder, { recursive: true });
  renameSync(`${outfile}.map`, join(mapFolder, 'index.js.map'));
  return { bytes: scriptOf(result.metafile).bytes, metafile: result.metafile };
}

/** The one script that esbuild wrote, with the files that really went into it. */
export function scriptOf({ outputs }: Metafile): Metafile['outputs'][string] {
  const script = Object.entries(outputs).find(([path]) => path.endsWith('.js'))?.[1];
  if (script === undefined) throw new Error('esbuild wrote no script.');
  return script;
}
