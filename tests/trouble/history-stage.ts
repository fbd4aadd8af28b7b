import assert from 'node:assert/strict';
import { AzureDevOpsApi } from '#task/adapters/azure-devops/api.js';
import { GroupApi } from '#task/adapters/azure-devops/group/group-api.js';
import { VariableGroupStore } from '#task/adapters/azure-devops/group/variable-group-store.js';
import { HttpClient } from '#task/adapters/http/client.js';
import type { HttpRequest, HttpResponse } from '#task/adapters/http/exchange.js';
import { NetworkError } from '#task/adapters/http/network-error.js';
import { openMac, recordMac } from '#task/adapters/infisical/record-key.js';
import { SyncError } from '#task/domain/errors.js';
import { readRecord, recordsIn } from '#task/domain/record/line.js';
import { windowMs } from '#task/domain/record/record.js';
import type { Report } from '#task/domain/report.js';
import { SecretValue } from '#task/domain/secret-value.js';
import type { TaskHost } from '#task/ports.js';
import { run } from '#task/sync/run.js';
import { StoppedRun } from '#task/sync/write-state.js';
import { AzureDevOpsEmulator } from '../../emulators/azure-devops/emulator.js';
import type { StoredGroup } from '../../emulators/azure-devops/group-store.js';
import { aConfig, aListedSecret, anIdentity, aSchema, clientOptions } from '../support/builders.js';
import { FakeClock } from '../support/fake-clock.js';

/** The process is killed: nothing of the run goes on. */
class Killed extends Error {}

/** What happens to one run on its way. */
export type Mishap =
  | 'none'
  | 'write gets no answer, took effect'
  | 'write gets no answer, took none'
  | 'killed before the write'
  | 'killed after the write'
  | 'reads lag behind the write'
  | 'edited before the write'
  | 'edited after the write';

/** Everything about a run that people may change between two. */
export interface Setup {
  schema: string;
  clientSecret: string;
  detectChanges: boolean;
  disableSecretDeletion: boolean;
  plainTag: string;
}

/** The client secrets that there are. */
export const keys = ['first client secret', 'second client secret'] as const;

const quiet: TaskHost = {
  mask: () => undefined,
  decodesPercents: true,
  log: () => undefined,
  warn: () => undefined,
  progress: () => undefined,
  setOutput: () => undefined,
  writeFile: (name) => name,
  uploadSummary: () => undefined,
};

const shop = { id: '7d1f6c1e-52f1-4f1c-9a0e-6d8c2b1a4e30', name: 'Shop' };

/** An Azure DevOps in this process, for thousands of histories: one group each, one clock, no network. */
export class HistoryStage {
  readonly ado: AzureDevOpsEmulator;
  readonly clock: FakeClock;
  #histories = 0;

  private constructor(ado: AzureDevOpsEmulator, clock: FakeClock) {
    this.ado = ado;
    this.clock = clock;
  }

  static async open(): Promise<HistoryStage> {
    const clock = new FakeClock();
    const ado = await AzureDevOpsEmulator.start({ now: () => clock.now });
    ado.addProject(shop);
    for (const bearer of ['ours', 'theirs']) ado.addIdentity({ name: bearer, bearer });
    return new HistoryStage(ado, clock);
  }

  begin(): History {
    this.#histories += 1;
    this.ado.switches.webClockBehindMs = 0;
    this.ado.lagReads(0);
    return new History(this, `group-${String(this.#histories)}`);
  }

  close(): Promise<void> {
    return this.ado.close();
  }
}

/** One group, the secrets that belong there, and what happens to both. */
export class History {
  readonly source = new Map<string, string>();
  readonly name: string;
  /** How long the service takes to write. */
  writeMs = 100;
  /** PUT and POST of the last run. */
  writes = 0;
  /** Edits in the window, of which nobody could know. */
  unnoticed = 0;
  readonly #stage: HistoryStage;

  constructor(stage: HistoryStage, name: string) {
    this.#stage = stage;
    this.name = name;
  }

  get group(): StoredGroup | undefined {
    let found: StoredGroup | undefined;
    if (this.#stage.ado.group('Shop', this.name) === undefined) return undefined;
    this.#stage.ado.editGroup('Shop', this.name, (group) => (found = group), 'within one step');
    return found;
  }

  pass(ms: number): void {
    this.#stage.clock.now += ms;
  }

  skew(ms: number): void {
    this.#stage.ado.switches.webClockBehindMs = ms;
  }

  /** An edit by hand, some time after whatever was before. One that nobody could notice is made after the window. */
  edit(edit: (group: StoredGroup) => void, afterMs: number): void {
    const { group } = this;
    if (group === undefined) return;
    this.pass(afterMs);
    edit(group);
    if (this.#wouldBeMissed(group)) {
      this.unnoticed += 1;
      this.pass(windowMs + 1_000);
    }
    group.modifiedOn = new Date(this.#stage.clock.now).toISOString();
  }

  /** Whether a whole record is there that would count with a change at this moment. */
  #wouldBeMissed({ description = '' }: StoredGroup): boolean {
    return keys.some((secret) => {
      const by = { mac: recordMac(new SecretValue(secret), 'shop'), syncName: 'ours' };
      const records = recordsIn(description, 'ours').map((text) => readRecord(text, by));
      return records.some((record) => {
        const sinceMs = typeof record === 'object' ? this.#stage.clock.now - record.time * 1_000 : -1;
        return sinceMs >= 0 && sinceMs <= windowMs;
      });
    });
  }

  /** @returns what it reported; undefined when it failed or was killed */
  async sync(setup: Setup, mishap: Mishap = 'none', syncName = 'ours'): Promise<Report | undefined> {
    const { ado, clock } = this.#stage;
    this.writes = 0;
    const http = new InProcessHttp(ado, clock, { history: this, mishap });
    const identity = anIdentity(ado.collectionUrl, syncName);
    const about = { group: this.name, project: 'Shop' };
    const store = new VariableGroupStore({
      name: this.name,
      projectTitle: 'Shop',
      groups: new GroupApi(new AzureDevOpsApi(identity, http), 'Shop', about),
      clock,
      project: () => Promise.resolve(shop),
      authorize: () => Promise.resolve([]),
    });
    const { clientSecret, schema, ...chosen } = setup;
    const config = aConfig({
      settings: {
        ...chosen,
        syncName,
        keySchema: aSchema(schema),
        maxDeletions: -1,
        overwriteOnFirstSync: true,
      },
    });
    const secrets = [...this.source].map(([key, value]) =>
      aListedSecret(key, value, { tags: key.startsWith('P') ? ['plain'] : [] }),
    );
    try {
      return await run(config, {
        source: { read: () => Promise.resolve({ secrets, imports: [] }), signOut: () => Promise.resolve() },
        store,
        host: quiet,
        clock,
        prints: {
          stored: new SecretValue(clientSecret),
          keyed: (secret) => recordMac(secret, 'shop'),
          open: openMac,
        },
        reason: undefined,
        warnings: [],
      });
    } catch (error) {
      const cause = error instanceof StoppedRun ? error.cause : error;
      if (!(cause instanceof SyncError) && !(cause instanceof Killed)) throw cause;
      return undefined;
    } finally {
      ado.lagReads(0);
    }
  }
}

/** Requests that reach the emulator without a network, each in its time, and what goes wrong with them. */
class InProcessHttp extends HttpClient {
  readonly #ado: AzureDevOpsEmulator;
  readonly #clock: FakeClock;
  readonly #history: History;
  #mishap: Mishap;

  constructor(
    ado: AzureDevOpsEmulator,
    clock: FakeClock,
    { history, mishap }: { history: History; mishap: Mishap },
  ) {
    super(clientOptions(clock));
    this.#ado = ado;
    this.#clock = clock;
    this.#history = history;
    this.#mishap = mishap;
  }

  override async send(request: HttpRequest): Promise<HttpResponse> {
    this.#clock.now += 20;
    if (request.method === 'GET') return this.#answer(request);
    const mishap = this.#mishap;
    this.#mishap = 'none';
    this.#history.writes += 1;
    if (mishap === 'killed before the write') throw new Killed();
    if (mishap === 'write gets no answer, took none') throw new NetworkError('ECONNRESET');
    if (mishap === 'edited before the write') this.#intrude();
    this.#clock.now += this.#history.writeMs;
    const answer = await this.#answer(request);
    if (mishap === 'write gets no answer, took effect') throw new NetworkError('ECONNRESET');
    if (mishap === 'killed after the write') throw new Killed();
    if (mishap === 'reads lag behind the write') this.#ado.lagReads(3);
    if (mishap === 'edited after the write') this.#intrude();
    return answer;
  }

  /** Somebody writes while the run is under way: within the window, and the run has to notice by itself. */
  #intrude(): void {
    const { group } = this.#history;
    this.#clock.now += 20;
    for (const [name, variable] of group?.variables ?? []) {
      if (/(?:A|_A)$/.test(name)) group?.variables.set(name, { ...variable, value: 'intruder' });
    }
    if (group !== undefined) group.modifiedOn = new Date(this.#clock.now).toISOString();
  }

  async #answer({ method, url, headers, body }: HttpRequest): Promise<HttpResponse> {
    const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    const answer = await this.#ado.answer({
      method,
      target: `${url.pathname}${url.search}`,
      path: url.pathname,
      query: url.searchParams,
      headers: Object.fromEntries(lowerCase) as Record<string, string>,
      body: body ?? '',
      address: '127.0.0.1',
    });
    const answered = Object.entries(answer.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
    assert.notEqual(answer.status, 500);
    return {
      status: answer.status,
      headers: Object.fromEntries(answered) as HttpResponse['headers'],
      body: answer.body ?? '',
    };
  }
}
