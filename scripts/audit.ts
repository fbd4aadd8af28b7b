import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audit } from './audit/registry.js';
import { bundleTask } from './package/bundle.js';
import { packagesIn } from './package/contents.js';
import { root } from './shared/paths.js';
import { runCommand } from './shared/run-command.js';

/**
 * `npm run audit`: known vulnerabilities, as far as the registry tells. Ends with 0 when it knows none in the packages
 * whose code is in the script that ships, with 1 when it knows one, and with 2 when it could not be asked. What only
 * builds and tests is reported, too, but fails nothing.
 */
async function main(): Promise<number> {
  const verdict = await audit(new Set(await foldersInScript()));
  if (verdict.kind === 'not checked') {
    console.log(`Known vulnerabilities were NOT CHECKED: ${verdict.why}.`);
    return 2;
  }
  report('the packages that ship', verdict.shipped);
  report('the packages that only build and test', verdict.others);
  return verdict.shipped.length === 0 ? 0 : 1;
}

async function foldersInScript(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'audit-'));
  try {
    const { metafile } = await bundleTask(join(folder, 'index.js'), folder);
    return packagesIn(metafile, root).map((shipped) => shipped.folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function report(what: string, advisories: readonly string[]): void {
  const text = advisories.length === 0 ? ' none.' : `\n${advisories.join('\n')}`;
  console.log(`Known vulnerabilities in ${what}:${text}`);
}

runCommand(main);
