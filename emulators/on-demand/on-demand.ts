import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { skip } from './skip.js';

/** Where `npm run fidelity` installs what is too heavy, or too bound to a platform, for `npm ci`. */
export const onDemandFolder = join(process.cwd(), 'emulators/on-demand');

/**
 * The folder of a package that is installed on demand; undefined where it is not.
 * @throws Error for one that `npm run fidelity` should have installed, on the platform that all of them are for
 */
export function onDemand(name: string): string | undefined {
  const folder = join(onDemandFolder, 'node_modules', name);
  if (existsSync(folder)) return folder;
  const isExpected =
    process.env['ON_DEMAND'] === 'installed' && `${process.platform}-${process.arch}` === 'linux-x64';
  if (isExpected) throw new Error(`${name} is not installed in ${onDemandFolder}.`);
  return undefined;
}

/** For `before`: loads a package, or skips all tests of the suite where it is not installed, and says so. */
export function loads(name: string, take: (loaded: unknown) => void): Mocha.Func {
  return function () {
    const folder = onDemand(name);
    if (folder === undefined) skip(this, `${name} is not installed (npm run fidelity installs it)`);
    take(createRequire(folder)(folder));
  };
}
