import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { packageExtension } from '../package/extension.js';
import { root } from '../shared/paths.js';
import { binOf, runNode } from '../shared/run-node.js';

/** Compiles all and packages what ships, which the stories run. @returns the compiler's exit code */
export async function prepareTests(): Promise<number> {
  console.log('Compiling …');
  removeOrphans();
  const incremental = ['--incremental', '--tsBuildInfoFile', join(root, 'build/.tsbuildinfo')];
  // The page of the forms runs in a browser, so it is checked by itself; esbuild bundles it.
  for (const project of [[root, ...incremental], [join(root, 'scripts/form/page')]]) {
    const { status } = runNode([binOf('typescript', 'tsc'), '-p', ...project]);
    if (status !== 0) return status;
  }
  console.log('Packaging …');
  await packageExtension();
  return 0;
}

/** Compiled tests whose source is gone would go on running and passing. */
function removeOrphans(): void {
  const build = join(root, 'build');
  if (!existsSync(build)) return;
  for (const path of readdirSync(build, { recursive: true, encoding: 'utf8' })) {
    if (path.endsWith('.js') && !existsSync(join(root, path.replace(/\.js$/, '.ts'))))
      rmSync(join(build, path));
  }
}
