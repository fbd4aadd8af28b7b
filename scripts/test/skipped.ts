import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs tests, and says at the end how many were skipped for which reason. @returns what the run returns */
export function tellSkipped(run: () => number): number {
  const folder = mkdtempSync(join(tmpdir(), 'skipped-'));
  const file = join(folder, 'reasons');
  try {
    writeFileSync(file, '');
    process.env['SKIPPED_FILE'] = file;
    const status = run();
    const counts = new Map<string, number>();
    for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
      const [count = '', reason = ''] = line.split('\t');
      counts.set(reason, (counts.get(reason) ?? 0) + Number(count));
    }
    if (counts.size > 0) console.log('Skipped:');
    for (const [reason, count] of counts) console.log(`  ${String(count)}: ${reason}`);
    return status;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
