import { relative } from 'node:path';
import { bundleTask } from './bundle.js';
import { bundle, root } from './paths.js';

void bundleTask().then(({ bytes }) => {
  console.log(`Built ${relative(root, bundle)} (${String(Math.round(bytes / 1000))} kB).`);
});
