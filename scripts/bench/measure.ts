import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onDemand } from '../../emulators/on-demand/on-demand.js';
import { nowMs } from './clock.js';
import type { Services } from './services-client.js';
import type { World } from './services.js';
import { atExitScript, type Subject } from './subjects.js';

export interface Run {
  /** From spawning the process to its end and that of its output. */
  wallMs: number;
  /** From spawning the process to its first request. */
  startMs: number | undefined;
  requests: string[];
  outputLines: number;
}

export interface Took {
  cpuMs: number;
  peakMb: number;
}

/** Runs one process as the agent would, with its output read. @throws Error when it does not do its work */
export async function runOnce(
  subject: Subject,
  { world, services }: { world: World; services: Services },
): Promise<Run> {
  await services.requests();
  const { spawnedAtMs, endedAtMs, output } = await start(subject.arguments, environmentOf(subject, world));
  if (!subject.succeeded.test(output)) throw new Error(`${subject.title} failed:\n${output.slice(-2000)}`);
  const { requests, firstAtMs } = await services.requests();
  return {
    wallMs: endedAtMs - spawnedAtMs,
    startMs: firstAtMs === undefined ? undefined : firstAtMs - spawnedAtMs,
    requests,
    outputLines: output.split('\n').length - 1,
  };
}

/** The same with something loaded before it that tells what the process took; so its time does not count. */
export async function weighOnce(subject: Subject, world: World): Promise<Took> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const file = join(folder, 'at-exit.json');
  try {
    const environment = { ...environmentOf(subject, world), BENCH_AT_EXIT: file };
    await start(['--require', atExitScript, ...subject.arguments], environment);
    return JSON.parse(readFileSync(file, 'utf8')) as Took;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Nearly the same for all, so that reading it costs all the same. */
function environmentOf(subject: Subject, { taskEnvironment, access, caFile }: World): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {
    ...taskEnvironment,
    ...access,
    BENCH_SDK: onDemand('infisical-sdk-js') ?? '',
    ...subject.environment,
  };
  if (caFile === undefined) delete environment['NODE_EXTRA_CA_CERTS'];
  else environment['NODE_EXTRA_CA_CERTS'] = caFile;
  delete environment['NODE_OPTIONS'];
  return environment;
}

function start(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ spawnedAtMs: number; endedAtMs: number; output: string }> {
  return new Promise((resolve, reject) => {
    const spawnedAtMs = nowMs();
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', () => {
      resolve({ spawnedAtMs, endedAtMs: nowMs(), output: Buffer.concat(chunks).toString() });
    });
  });
}
