import { spawnSync } from 'node:child_process';
import { skip } from './skip.js';

/** Programs of the system that are no npm package. CI has them all; a contributor's machine need not. */
export type Part = 'tinyproxy' | 'openssl';

/**
 * Whether a program is there, for tests that are skipped without it.
 * @throws Error where all of them have to be there (`CI_PARTS=required`)
 */
export function hasPart(part: Part): boolean {
  const { error } = spawnSync(part, [part === 'openssl' ? 'version' : '--version'], { stdio: 'ignore' });
  if (error === undefined) return true;
  if (process.env['CI_PARTS'] !== 'required') return false;
  throw new Error(`${part} is not installed, and CI_PARTS=required says that it has to be.`);
}

/** For `before`: skips all tests of a suite where a part is missing, and says which. */
export function needs(...parts: Part[]): Mocha.Func {
  return function () {
    const missing = parts.filter((part) => !hasPart(part));
    if (missing.length === 0) return;
    skip(this, `${missing.join(' and ')} not installed (apt-get install ${missing.join(' ')})`);
  };
}
