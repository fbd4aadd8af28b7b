import { onDemandFolder } from '../../emulators/on-demand/on-demand.js';
import { runNode } from './run-node.js';

/**
 * Installs the clients and runtimes that `npm ci` leaves out.
 * @param command of package.json, for the message
 * @returns npm's exit code
 */
export function installOnDemand(command: string): number {
  console.log('Installing clients and runtimes …');
  const npm = process.env['npm_execpath'];
  if (npm === undefined) throw new Error(`This command needs npm. Run it as "npm run ${command}".`);
  // Not "npm ci": the native SDK names packages of platforms that were never published, so no lock file is complete.
  const install = [npm, 'install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  return runNode(install, { cwd: onDemandFolder }).status;
}
