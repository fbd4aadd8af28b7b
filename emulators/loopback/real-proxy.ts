import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface ProxyCredentials {
  username: string;
  password: string;
}

/** Where requests come from that went through a proxy; all others come from 127.0.0.1 or ::1. */
export const proxyAddress = '127.0.0.2';

/**
 * Debian's tinyproxy on loopback. Without a list of ports (ConnectPort) it opens tunnels to all of them; plain HTTP it
 * forwards. Who shows no credentials gets 407, who shows wrong ones 401, as from a service (tinyproxy 1.11.1).
 */
export class RealProxy {
  readonly url: string;
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #log: string[] = [];

  private constructor(port: number, credentials: ProxyCredentials | undefined) {
    this.url = `http://127.0.0.1:${String(port)}/`;
    this.#folder = mkdtempSync(join(tmpdir(), 'tinyproxy-'));
    const file = join(this.#folder, 'tinyproxy.conf');
    writeFileSync(file, configuration(port, credentials));
    this.#process = spawn('tinyproxy', ['-d', '-c', file], { stdio: ['ignore', 'pipe', 'inherit'] });
  }

  /** @throws Error when it does not start */
  static async start(credentials?: ProxyCredentials): Promise<RealProxy> {
    for (let attempt = 1; ; attempt += 1) {
      const proxy = new RealProxy(await freePort(), credentials);
      if (await proxy.#accepts()) return proxy;
      const log = proxy.#log.join('\n');
      await proxy.close();
      // Somebody may take a port between asking for a free one and using it.
      if (attempt === 5) throw new Error(`tinyproxy does not start:\n${log}`);
    }
  }

  /** What it was asked for: `CONNECT host:port` and `GET http://host:port/path`, also where it refused. */
  get requests(): string[] {
    return this.#log.flatMap((line) => {
      const request = /Request \(file descriptor \d+\): (\S+ \S+) HTTP\//.exec(line)?.[1];
      return request === undefined ? [] : [request];
    });
  }

  async close(): Promise<void> {
    const child = this.#process;
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill();
      await exited;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Resolves when it listens, or has ended instead. */
  async #accepts(): Promise<boolean> {
    const { stdout } = this.#process;
    if (stdout === null) throw new Error('tinyproxy has no output');
    const failed = once(this.#process, 'error').then(([error]) => {
      throw error as Error;
    });
    const listens = new Promise<boolean>((resolve) => {
      createInterface({ input: stdout })
        .on('line', (line) => {
          this.#log.push(line);
          if (line.includes('Accepting connections')) resolve(true);
        })
        .on('close', () => {
          resolve(false);
        });
    });
    return Promise.race([listens, failed]);
  }
}

function configuration(port: number, credentials: ProxyCredentials | undefined): string {
  return [
    `Port ${String(port)}`,
    'Listen 127.0.0.1',
    `Bind ${proxyAddress}`,
    'Bind ::1',
    'Allow 127.0.0.1',
    'LogLevel Info',
    ...(credentials === undefined ? [] : [`BasicAuth ${credentials.username} ${credentials.password}`]),
    '',
  ].join('\n');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
