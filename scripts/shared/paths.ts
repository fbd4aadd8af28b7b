import { join, resolve } from 'node:path';

/** The repository's root, whether the scripts run from source or compiled into build/. */
const here = resolve(__dirname, '../..');
export const root = here.endsWith('build') ? resolve(here, '..') : here;

export const taskFolder = join(root, 'tasks/InfisicalSecretSync');
export const bundle = join(taskFolder, 'dist/index.js');
export const packages = join(root, 'dist');
/** What the stories and the demo run: unpacked from the .vsix, so it is exactly what ships. */
export const unpacked = join(packages, 'unpacked');
/** What the stories run instead while coverage is measured. */
export const measuredTask = join(packages, 'measured');
