import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { root } from './paths.js';

export interface Ran {
  status: number;
  output: string;
}

/** The script behind a package's command; run by Node itself, so that it works without a shell on every platform. */
export function binOf(packageName: string, command = packageName): string {
  const require = createRequire(join(root, 'package.json'));
  const manifestPath = join(root, 'node_modules', packageName, 'package.json');
  const { bin } = require(manifestPath) as { bin: string | Record<string, string> };
  const script = typeof bin === 'string' ? bin : bin[command];
  if (script === undefined) throw new Error(`${packageName} has no command ${command}`);
  return join(dirname(manifestPath), script);
}

/** Runs a script with this Node, with the console as it is, or with its output collected. */
export function runNode(args: readonly string[], options: { quiet?: boolean; cwd?: string } = {}): Ran {
  const result = spawnSync(process.execPath, args, {
    cwd: options.cwd ?? root,
    stdio: options.quiet === true ? 'pipe' : 'inherit',
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.error !== undefined) throw result.error;
  const output = options.quiet === true ? `${result.stdout}${result.stderr}` : '';
  return { status: result.status ?? 1, output };
}
