import { relative } from 'node:path';
import { bundleTask } from './bundle.js';
import { bundle, packages, root } from './paths.js';

void bundleTask(bundle, packages).then(({ bytes }) => {
  console.log(`Built ${relative(root, bundle)} (${String(Math.round(bytes / 1000))} kB).`);
});
