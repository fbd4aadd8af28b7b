import { onDemandFolder } from '../../emulators/on-demand/on-demand.js';
import { runNode } from './run-node.js';

/**
 * Installs what `npm ci` leaves out.
 * @param command of package.json, for the message
 * @param folder with a package.json of its own
 * @returns npm's exit code
 */
export function installOnDemand(command: string, folder = onDemandFolder): number {
  console.log('Installing what is left out of npm ci …');
  const npm = process.env['npm_execpath'];
  if (npm === undefined) throw new Error(`This command needs npm. Run it as "npm run ${command}".`);
  // Not "npm ci": the native SDK names packages of platforms that were never published, so no lock file is complete.
  const install = [npm, 'install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  return runNode(install, { cwd: folder }).status;
}
