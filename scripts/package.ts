import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import type { Edition } from './package/edition.js';
import { packageExtension } from './package/extension.js';
import { packages, root } from './shared/paths.js';
import { runCommand } from './shared/run-command.js';

/** `npm run package -- --publisher ID [--public --documents ADDRESS | --dev] [--patch N]`; docs/publishing.md says what for. */
function editionOf(args: string[]): Edition {
  const { values } = parseArgs({
    args,
    options: {
      publisher: { type: 'string' },
      public: { type: 'boolean', default: false },
      dev: { type: 'boolean', default: false },
      patch: { type: 'string' },
      documents: { type: 'string' },
    },
  });
  return {
    ...(values.publisher === undefined ? {} : { publisher: values.publisher }),
    ...(values.patch === undefined ? {} : { patch: Number(values.patch) }),
    ...(values.documents === undefined ? {} : { documents: values.documents }),
    isPublic: values.public,
    isDev: values.dev,
  };
}

async function main(): Promise<void> {
  const edition = editionOf(process.argv.slice(2));
  // What tests and demo run is the real one.
  const vsix = await packageExtension(edition, edition.isDev === true ? join(packages, 'dev') : packages);
  console.log(`Packaged ${relative(root, vsix)} (${String(Math.round(statSync(vsix).size / 1000))} kB).`);
}

runCommand(main);
