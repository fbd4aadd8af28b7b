import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

/** The relay of the recipe: as a function, and as the process that people start. */

export interface RelayAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

interface RelayModule {
  settingsFrom: (env: Record<string, string | undefined>) => { azureHeader: string; maxAgeMs: number };
  signatureForAzure: (text: string, secret: string) => string;
  createRelay: (
    settings: object,
    world?: {
      now?: () => number;
      fetch?: (url: string, init: Sent & { signal: AbortSignal }) => Promise<Response>;
      azureTimeoutMs?: number;
      bodyTimeoutMs?: number;
    },
  ) => (request: Request, log: (line: string) => void) => Promise<RelayAnswer>;
}

/** What the relay hands to `fetch`. */
export interface Sent {
  headers: Record<string, string>;
  body: string;
}

export const relayFolder = join(process.cwd(), 'recipes/auto-sync-relay');

/** Plain JavaScript that is not compiled, so it is loaded from where it lies. */
export function loadRelay(): Promise<RelayModule> {
  return import(pathToFileURL(join(relayFolder, 'relay.mjs')).href) as Promise<RelayModule>;
}

/** As Infisical signs: the body alone, with its own time once more before it. */
export function signedByInfisical(secret: string, body: string, timestamp: number): string {
  return `t=${timestamp};${createHmac('sha256', secret).update(body).digest('hex')}`;
}

export interface RelayProcess {
  url: string;
  /** Every line that it wrote, on both streams. */
  lines: string[];
  stop(): Promise<void>;
}

/** `node server.mjs`, on a port that is free. */
export async function startRelay(env: Record<string, string>): Promise<RelayProcess> {
  const child = spawn(process.execPath, ['server.mjs'], {
    cwd: relayFolder,
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const lines: string[] = [];
  const listening = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        const port = /listening on port (\d+)/.exec(line)?.[1];
        if (port !== undefined) resolve(`http://127.0.0.1:${port}/`);
      });
    void exited.then(() => {
      reject(new Error(`the relay ended: ${lines.join('\n')}`));
    });
  });
  return {
    url: await listening,
    lines,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
