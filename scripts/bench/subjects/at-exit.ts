// Loaded before a measured script: tells what the process took, when it ends.
import { readFileSync, writeFileSync } from 'node:fs';

process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  const peakMb = peakKilobytes() / 1024;
  writeFileSync(
    process.env['BENCH_AT_EXIT'] ?? '',
    JSON.stringify({ peakMb, cpuMs: (user + system) / 1000 }),
  );
});

/** What a process inherits of its parent's peak is in rusage, but not in this figure of Linux. */
function peakKilobytes(): number {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
}
