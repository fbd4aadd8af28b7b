import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { unpacked } from '../shared/paths.js';
import { packagePath } from './extension.js';

export interface PackageBytes {
  /** The script, which is what an agent downloads. */
  script: number;
  /** The .vsix without the pictures of the Marketplace page, which no agent downloads. */
  extension: number;
}

/** The sizes of what `npm run package` wrote. */
export function packageBytes(): PackageBytes {
  const archive = readFileSync(packagePath());
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
