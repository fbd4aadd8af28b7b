import { statSync } from 'node:fs';
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { packageExtension } from './packaging.js';
import { root } from './paths.js';

const { values } = parseArgs({ options: { publisher: { type: 'string' } } });

packageExtension(values.publisher).then(
  (vsix) => {
    console.log(`Packaged ${relative(root, vsix)} (${String(Math.round(statSync(vsix).size / 1000))} kB).`);
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
