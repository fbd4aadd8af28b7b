import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

export interface ProcessEnd {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  /** Whether the agent had asked it to stop. */
  wasCancelled: boolean;
  durationMs: number;
}

export interface CancelTimes {
  sigintMs: number;
  sigtermMs: number;
}

/** Starts a task's script as the agent does, reads both streams by line, and knows how to ask it to stop. */
export async function runNodeProcess(options: {
  node: string;
  script: string;
  environment: NodeJS.ProcessEnv;
  workingDirectory: string;
  onLine: (line: string) => void;
  cancelWhen?: Promise<unknown>;
  cancelTimes: CancelTimes;
}): Promise<ProcessEnd> {
  const start = performance.now();
  const child = spawn(options.node, [options.script], {
    cwd: options.workingDirectory,
    env: options.environment,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end();
  const streams = [pump(child.stdout, options.onLine), pump(child.stderr, options.onLine)];
  let wasCancelled = false;
  const timers: NodeJS.Timeout[] = [];
  void options.cancelWhen?.then(() => {
    if (child.exitCode !== null) return;
    wasCancelled = true;
    const { sigintMs, sigtermMs } = options.cancelTimes;
    child.kill('SIGINT');
    timers.push(setTimeout(() => child.kill('SIGTERM'), sigintMs));
    timers.push(setTimeout(() => child.kill('SIGKILL'), sigintMs + sigtermMs));
  });
  const end = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      resolve([code, signal]);
    });
  });
  await Promise.all(streams);
  timers.forEach(clearTimeout);
  return { exitCode: end[0], signal: end[1], wasCancelled, durationMs: performance.now() - start };
}

/** Lines end with CR, LF or both, wherever a chunk was cut; what is left at the end is a line, too. */
async function pump(stream: Readable, onLine: (line: string) => void): Promise<void> {
  stream.setEncoding('utf8');
  let rest = '';
  for await (const chunk of stream as AsyncIterable<string>) {
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
  }
  if (rest !== '') onLine(rest.replace(/\r$/, ''));
}
