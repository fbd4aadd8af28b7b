import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where `npm run fidelity` installs what is too heavy, or too bound to a platform, for `npm ci`. */
export const onDemandFolder = join(process.cwd(), 'tests/fidelity/on-demand');

/** The folder of a package that is installed on demand; undefined where it is not. */
export function onDemand(name: string): string | undefined {
  const folder = join(onDemandFolder, 'node_modules', name);
  return existsSync(folder) ? folder : undefined;
}
