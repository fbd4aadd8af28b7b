import { relative } from 'node:path';
import { bundleTask } from './package/bundle.js';
import { bundle, packages, root } from './shared/paths.js';
import { runCommand } from './shared/run-command.js';

/** `npm run build`: the script that ships, without the package around it. */
async function main(): Promise<void> {
  const { bytes } = await bundleTask(bundle, packages);
  console.log(`Built ${relative(root, bundle)} (${String(Math.round(bytes / 1000))} kB).`);
}

runCommand(main);
