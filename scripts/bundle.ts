import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundle, packages, taskFolder } from './paths.js';

/** Bundles the task into the one script that ships. The source map stays out of the package. */
export async function bundleTask(): Promise<{ bytes: number }> {
  const result = await build({
    entryPoints: [join(taskFolder, 'src/main.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    minify: true,
    sourcemap: 'external',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    // task-lib reads its messages by a path that is known only at run time; they are embedded since 5.279.
    logOverride: { 'require-resolve-not-external': 'silent' },
  });
  if (result.warnings.length > 0) throw new Error('esbuild warned; see above.');
  mkdirSync(packages, { recursive: true });
  renameSync(`${bundle}.map`, join(packages, 'index.js.map'));
  const output = Object.entries(result.metafile.outputs).find(([path]) => path.endsWith('index.js'));
  return { bytes: output?.[1].bytes ?? 0 };
}
