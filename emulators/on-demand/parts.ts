import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { skip } from './skip.js';

/** Programs of the system that are no npm package. CI has them all; a contributor's machine need not. */
export type Part = 'tinyproxy' | 'openssl' | 'az';

/** What Debian calls the packages of each, and how to see that it is there. */
const parts: Record<Part, { packages: string; isThere: () => boolean }> = {
  tinyproxy: { packages: 'tinyproxy', isThere: () => starts('tinyproxy', '-v') },
  openssl: { packages: 'openssl', isThere: () => starts('openssl', 'version') },
  az: { packages: 'azure-cli python3-azext-devops', isThere: hasAz },
};

/**
 * Whether a program is there, for tests that are skipped without it.
 * @throws Error where all of them have to be there (`CI_PARTS=required`)
 */
export function hasPart(part: Part): boolean {
  if (parts[part].isThere()) return true;
  if (process.env['CI_PARTS'] !== 'required') return false;
  throw new Error(`${parts[part].packages} is not installed, and CI_PARTS=required says that it has to be.`);
}

/** For `before`: skips all tests of a suite where a part is missing, and says which. */
export function needs(...needed: Part[]): Mocha.Func {
  return function () {
    const missing = needed.filter((part) => !hasPart(part)).map((part) => parts[part].packages);
    if (missing.length === 0) return;
    skip(this, `${missing.join(' and ')} not installed (apt-get install ${missing.join(' ')})`);
  };
}

function starts(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).error === undefined;
}

/** Azure CLI with its extension for Azure DevOps, installed for all: a folder of its own keeps it from the user's. */
function hasAz(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'az-'));
  try {
    const env = { ...process.env, AZURE_CONFIG_DIR: folder, AZURE_CORE_COLLECT_TELEMETRY: '0' };
    const show = ['extension', 'show', '--name', 'azure-devops'];
    return spawnSync('az', show, { env, stdio: 'ignore' }).status === 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
