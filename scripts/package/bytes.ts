import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { packages, unpacked } from '../shared/paths.js';

export interface PackageBytes {
  /** The script, which is what an agent downloads. */
  script: number;
  /** The .vsix without the pictures of the Marketplace page, which no agent downloads. */
  extension: number;
}

/** The sizes of what `npm run package` wrote. */
export function packageBytes(): PackageBytes {
  const name = readdirSync(packages).find((file) => file.endsWith('.vsix')) ?? '';
  const archive = readFileSync(join(packages, name));
  let extension = archive.length;
  unzipSync(archive, {
    filter: (entry) => {
      const isPicture = /^images\/(?!icon\.).*\.png$/.test(entry.name);
      if (isPicture) extension -= entry.size;
      return false;
    },
  });
  return { script: statSync(join(unpacked, 'tasks/InfisicalSecretSync/index.js')).size, extension };
}
