import { spawnSync } from 'node:child_process';
import { root } from '../shared/paths.js';
import { sources } from './subjects.js';

/** The lines of the sources that differ from where the branch left `main`, or from the commit before; as Stryker's ranges. */
export function changedLines(): string[] {
  const fork = git('merge-base', 'HEAD', 'origin/main');
  const base = fork === '' || fork === git('rev-parse', 'HEAD') ? 'HEAD~1' : fork;
  const ranges: string[] = [];
  let file = '';
  for (const line of git('diff', '--unified=0', '--diff-filter=d', base, '--', sources).split('\n')) {
    file = /^\+\+\+ b\/(.+\.ts)$/.exec(line)?.[1] ?? file;
    const [, start = '', count = '1'] = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(line) ?? [];
    if (start === '' || count === '0') continue;
    ranges.push(`${file}:${start}-${String(Number(start) + Number(count) - 1)}`);
  }
  return ranges;
}

/** What git says; nothing when it refuses. */
function git(...args: string[]): string {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '';
}
