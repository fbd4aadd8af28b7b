import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { scriptOf } from './bundle.js';

/** A package of somebody else whose code is in the script that ships. */
export interface ShippedPackage {
  /** Where it lies, which is also its key in package-lock.json: `node_modules/a` or `node_modules/a/node_modules/b`. */
  folder: string;
  name: string;
  version: string;
  license: string;
  /** As in package-lock.json: `sha512-…`, of the archive in the registry. */
  integrity: string;
  /** What its licence wants to be passed on, word for word. */
  licenseText: string;
  /** The folders of the packages that it imports, as far as they are in the script. */
  imports: string[];
  /** Our own sources import it. */
  isDirect: boolean;
}

/** The folder of our own sources. */
const ourselves = '';

interface Lock {
  packages: Record<string, { version?: string; integrity?: string; hasInstallScript?: boolean } | undefined>;
}

/** Their one condition is that the notice is passed on, which ThirdPartyNotices.txt does. */
export const allowedLicenses: readonly string[] = [
  ...['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0'],
];

/**
 * The packages in the script, from esbuild's own account of it, sorted by name.
 * @throws Error that lists each package that must not ship: unknown or copyleft licence, no licence text, not in the
 * lock file, or in need of a script at installation
 */
export function packagesIn(metafile: Metafile, root: string): ShippedPackage[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
  const problems: string[] = [];
  const imports = importsByFolder(metafile);
  const shipped = [...imports.keys()]
    .filter((folder) => folder !== ourselves)
    .map((folder) => {
      const { name, version, license } = JSON.parse(
        readFileSync(join(root, folder, 'package.json'), 'utf8'),
      ) as Record<'name' | 'version' | 'license', unknown>;
      const locked = lock.packages[folder];
      const found: ShippedPackage = {
        folder,
        name: String(name),
        version: String(version),
        license: typeof license === 'string' ? license : 'unknown',
        integrity: locked?.integrity ?? '',
        licenseText: licenseTextIn(join(root, folder)),
        imports: imports.get(folder) ?? [],
        isDirect: imports.get(ourselves)?.includes(folder) === true,
      };
      problems.push(
        ...problemsOf(found, locked).map((problem) => `${found.name}@${found.version}: ${problem}`),
      );
      return found;
    });
  if (problems.length > 0) throw new Error(`These packages must not ship:\n${problems.join('\n')}`);
  return shipped.sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
}

function problemsOf(found: ShippedPackage, locked: Lock['packages'][string]): string[] {
  return [
    ...(allowedLicenses.includes(found.license) ? [] : [`its licence is "${found.license}"`]),
    ...(found.licenseText === '' ? ['it has no licence text'] : []),
    ...(locked?.version === found.version && locked.integrity?.startsWith('sha512-') === true
      ? []
      : ['package-lock.json does not have this version with its hash']),
    ...(locked?.hasInstallScript === true ? ['it runs a script when it is installed'] : []),
  ];
}

/** Each package that gave code to the script, and which of the others its files import. */
function importsByFolder(metafile: Metafile): Map<string, string[]> {
  const files = Object.entries(scriptOf(metafile).inputs).flatMap(([path, { bytesInOutput }]) =>
    bytesInOutput > 0 ? [path] : [],
  );
  const folders = new Set(files.map(folderOf));
  const importsOf = (folder: string): string[] => {
    const imported = files
      .filter((path) => folderOf(path) === folder)
      .flatMap((path) => metafile.inputs[path]?.imports ?? [])
      .map(({ path }) => folderOf(path))
      .filter((other) => other !== folder && other !== ourselves && folders.has(other));
    return [...new Set(imported)].sort();
  };
  return new Map([...folders].map((folder) => [folder, importsOf(folder)]));
}

function folderOf(path: string): string {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? ourselves;
}

/** Licence and, where the authors added one, notice. */
function licenseTextIn(folder: string): string {
  if (!existsSync(folder)) return '';
  return readdirSync(folder)
    .filter((name) => /^(?:licen[cs]e|copying|notice)(?:\.(?:md|txt))?$/i.test(name))
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n').trim())
    .join('\n\n');
}
