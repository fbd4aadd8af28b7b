import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { LineReader } from './line-reader.js';

export interface ProcessRequest {
  file: string;
  arguments: readonly string[];
  environment: NodeJS.ProcessEnv;
  workingDirectory: string;
  /** Written and closed; without it the pipe is closed at once. */
  stdin?: string;
  onLine: (line: string) => void;
  /** Aborted when the step is to stop. */
  cancelled: AbortSignal;
  /** Settles when a task has said that it is done and its process goes on. */
  forced: Promise<void>;
  waits: ProcessWaits;
  /** A reader that comes late: what the process writes piles up in the pipe. */
  readAfterMs?: number;
}

export interface ProcessWaits {
  sigintMs: number;
  sigtermMs: number;
  /** Only SIGINT, and no end to the waiting. */
  isGraceful: boolean;
  /** How long streams are read on that something else keeps open after the process has ended. */
  afterExitMs: number;
}

export interface ProcessEnd {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  durationMs: number;
}

/** Starts a process as the agent does, reads its lines, and asks it to stop (ProcessInvoker.cs and .MacLinux.cs). */
export async function runProcess(
  request: ProcessRequest,
  onStart: (child: ChildProcess) => void,
): Promise<ProcessEnd> {
  const start = performance.now();
  const child = spawn(request.file, request.arguments, {
    cwd: request.workingDirectory,
    env: request.environment,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  onStart(child);
  // A process that does not read its input may be gone before it is written.
  child.stdin.on('error', () => undefined);
  child.stdin.end(request.stdin ?? '');
  const reader = new LineReader(request.onLine);
  const ended = endOf(child, readBoth(child, reader, request.readAfterMs ?? 0), request.waits.afterExitMs);
  const onCancel = (): void => void stop(child, ended, request.waits);
  request.cancelled.addEventListener('abort', onCancel, { once: true });
  if (request.cancelled.aborted) onCancel();
  try {
    await Promise.race([ended, request.forced]);
  } finally {
    request.cancelled.removeEventListener('abort', onCancel);
    reader.end();
  }
  return { exitCode: child.exitCode, signal: child.signalCode, durationMs: performance.now() - start };
}

async function readBoth(child: ChildProcess, reader: LineReader, afterMs: number): Promise<void> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) return;
  if (afterMs > 0) {
    // Node throws away what nobody has begun to read when a process ends.
    for (const stream of [stdout, stderr]) stream.on('readable', () => undefined);
    await wait(afterMs);
  }
  await Promise.all([reader.read('stderr', stderr), reader.read('stdout', stdout)]);
}

async function endOf(child: ChildProcess, streams: Promise<void>, afterExitMs: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', () => {
      resolve();
    });
  });
  const given = new AbortController();
  const patience = wait(afterExitMs, undefined, { signal: given.signal }).catch(() => undefined);
  await Promise.race([streams, patience]);
  given.abort();
}

async function stop(child: ChildProcess, ended: Promise<void>, waits: ProcessWaits): Promise<void> {
  const given = new AbortController();
  const endsWithin = (ms: number): Promise<boolean> =>
    Promise.race([ended.then(() => true), wait(ms, false, { signal: given.signal }).catch(() => true)]);
  try {
    child.kill('SIGINT');
    if ((await endsWithin(waits.sigintMs)) || waits.isGraceful) return;
    child.kill('SIGTERM');
    if (await endsWithin(waits.sigtermMs)) return;
    child.kill('SIGKILL');
  } catch {
    // The process could not even be started; whoever waits for its end is told.
  } finally {
    given.abort();
  }
}

/** .NET gives a process that a signal has ended 128 and the number of the signal. */
export function exitCodeOf({ exitCode, signal }: ProcessEnd): number {
  return exitCode ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}

/** In the words of .NET on Linux. */
export function startFailure(error: unknown, file: string, workingDirectory: string): Error {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const reasons: Record<string, string> = {
    E2BIG: 'Argument list too long',
    ENOENT: 'No such file or directory',
    EACCES: 'Permission denied',
  };
  return new Error(
    `An error occurred trying to start process '${file}' with working directory '${workingDirectory}'. ${reasons[code] ?? code}`,
  );
}
