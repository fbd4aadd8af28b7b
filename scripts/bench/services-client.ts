import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../shared/paths.js';
import type { Asked, Question, Reply, World, WorldOptions } from './services.js';

/** The services, as the bench reaches them in their own process. One question at a time. */
export class Services {
  readonly #child: ChildProcess = fork(join(root, 'scripts/bench/services.ts'));

  async world(options: WorldOptions): Promise<World> {
    const reply = await this.#ask({ kind: 'world', ...options });
    if (reply.kind !== 'world') throw new Error('The services gave no world.');
    return reply.world;
  }

  async latency(ms: number): Promise<void> {
    await this.#ask({ kind: 'latency', ms });
  }

  /** What they were asked since this was called last. */
  async requests(): Promise<Asked> {
    const reply = await this.#ask({ kind: 'requests' });
    if (reply.kind !== 'requests') throw new Error('The services gave no requests.');
    return reply.asked;
  }

  async end(): Promise<void> {
    await this.#ask({ kind: 'end' });
    this.#child.disconnect();
  }

  #ask(question: Question): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const ended = (): void => {
        reject(new Error('The process of the services ended.'));
      };
      this.#child.once('exit', ended);
      this.#child.once('message', (reply: Reply) => {
        this.#child.off('exit', ended);
        resolve(reply);
      });
      this.#child.send(question);
    });
  }
}
