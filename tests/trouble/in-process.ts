import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobIdentity } from '#task/adapters/azure-devops/sign-in/identity.js';
import { HttpClient, type Attempts, type HttpClientOptions } from '#task/adapters/http/client.js';
import type { HttpRequest, HttpResponse } from '#task/adapters/http/exchange.js';
import { directNetwork } from '#task/adapters/http/network.js';
import { parseInfisicalConnection } from '#task/adapters/infisical/connection.js';
import { conclude } from '#task/sync/conclude.js';
import { parseConfig } from '#task/config/config.js';
import { inputNames, type RawInputs } from '#task/config/inputs.js';
import { SecretValue } from '#task/domain/secret-value.js';
import { run } from '#task/sync/run.js';
import type { Surroundings } from '#task/wiring/surroundings.js';
import { wire } from '#task/wiring/wiring.js';
import { aServiceConnection } from '../support/builders.js';
import { FakeClock } from '../support/fake-clock.js';
import { parseCommand, type AgentCommand } from '../../emulators/agent/command-parser.js';
import { canary, endpointOf, shop, type World } from '../support/world.js';

/** What happens to some requests before they reach a service. */
export interface RequestTrouble {
  matches: (method: string, path: string) => boolean;
  /** Where they go instead. */
  to: string | undefined;
  /** How long they are waited for. */
  timeoutMs: number | undefined;
}

/** What a run left: what it said to the agent, the files it wrote, and how long it waited. */
export interface Ran {
  lines: string[];
  commands: AgentCommand[];
  files: { name: string; content: string }[];
  result: string;
  /** All error and warning lines. */
  errors: string[];
  warnings: string[];
  /** Output variables. */
  outputs: Record<string, string>;
  /** Variables set for the job, which is what the destination `pipelineVariables` is. */
  variables: Record<string, string>;
  waits: number[];
  /** Requests that went nowhere. */
  misdirected: { method: string; path: string }[];
}

/** Some requests go elsewhere, or are waited for less long; all others are as they are. */
class TroubledHttp extends HttpClient {
  readonly misdirected: { method: string; path: string }[] = [];
  readonly #impatient: HttpClient;
  readonly #trouble: RequestTrouble | undefined;

  constructor(options: HttpClientOptions, trouble: RequestTrouble | undefined) {
    super(options);
    this.#trouble = trouble;
    this.#impatient = new HttpClient({ ...options, timeoutMs: trouble?.timeoutMs ?? options.timeoutMs ?? 0 });
  }

  override send(request: HttpRequest, attempts: Attempts): Promise<HttpResponse> {
    const { method, url } = request;
    if (this.#trouble?.matches(method, url.pathname) !== true) return super.send(request, attempts);
    const { to } = this.#trouble;
    if (to === undefined) return this.#impatient.send(request, attempts);
    this.misdirected.push({ method, path: url.pathname });
    return super.send({ ...request, url: new URL(url.pathname, to) }, attempts);
  }

  override close(): void {
    super.close();
    this.#impatient.close();
  }
}

/** The whole task but for main.ts, in this process: real requests, a clock that jumps, debug on. */
export async function runInProcess(
  world: World,
  inputs: Readonly<Record<string, string>>,
  trouble?: RequestTrouble,
): Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), 'trouble-'));
  const lines: string[] = [];
  const clock = new FakeClock();
  const leave = enterAgent({ AGENT_TEMPDIRECTORY: folder, SYSTEM_DEBUG: 'true' });
  try {
    // task-lib writes a key file where the agent's temporary folder is when it is loaded, else into the repository.
    const { AgentHost } = await import('#task/adapters/agent/host.js');
    const host = new AgentHost((line) => lines.push(line));
    const never = new AbortController().signal;
    const http = new TroubledHttp(
      {
        clock,
        network: directNetwork,
        timeoutMs: 10_000,
        maxBytes: 300_000,
        cancelled: never,
        writeCutOff: never,
        trace: (line) => {
          host.trace(line);
        },
      },
      trouble,
    );
    await conclude(host, async () => {
      const config = parseConfig(rawInputs(inputs));
      const surroundings = surroundingsOf(world);
      host.mask([surroundings.jobToken]);
      return run(config, wire({ host, config, surroundings, http, direct: http, clock }));
    });
    http.close();
    return whatIsLeft(lines, folder, { waits: clock.waits, misdirected: http.misdirected });
  } finally {
    leave();
    rmSync(folder, { recursive: true });
  }
}

/** @returns what restores the environment */
function enterAgent(variables: Record<string, string>): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  };
}

function rawInputs(inputs: Readonly<Record<string, string>>): RawInputs {
  return Object.fromEntries(inputNames.map((name) => [name, inputs[name] ?? ''])) as RawInputs;
}

function surroundingsOf(world: World): Surroundings {
  const jobToken = new SecretValue(canary.jobToken);
  const { collectionUrl } = world.ado;
  const { url, scheme, parameters } = endpointOf(world.infisical.url, 'universal');
  return {
    infisical: parseInfisicalConnection(aServiceConnection({ url, scheme, parameters })),
    azureTokens: undefined,
    azureDevOps: {
      kind: 'known',
      identity: jobIdentity({ collectionUrl, projectName: shop.name, token: jobToken }),
    },
    network: { ...directNetwork, secrets: [], warnings: [] },
    warnings: [],
    jobToken,
    agentRun: {
      hostType: 'build',
      collectionUrl,
      oidcRequestUri: '',
      projectId: shop.id,
      projectName: shop.name,
      definitionId: world.pipelineId,
      reason: 'Manual',
      outputOrigin: undefined,
    },
  };
}

function whatIsLeft(lines: string[], folder: string, rest: Pick<Ran, 'waits' | 'misdirected'>): Ran {
  const commands = lines.flatMap((line) => parseCommand(line) ?? []);
  const issues = (type: string): string[] =>
    commands.flatMap(({ event, properties, data }) =>
      event === 'logissue' && properties['type'] === type ? [data] : [],
    );
  const set = (isOutput: boolean): Record<string, string> =>
    Object.fromEntries(
      commands
        .filter(({ event, properties }) => event === 'setvariable' && 'isoutput' in properties === isOutput)
        .map(({ properties, data }) => [properties['variable'] ?? '', data]),
    );
  return {
    lines,
    commands,
    files: readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name, parentPath }) => ({ name, content: readFileSync(join(parentPath, name), 'utf8') })),
    result: commands.findLast(({ event }) => event === 'complete')?.properties['result'] ?? 'none',
    errors: issues('error'),
    warnings: issues('warning'),
    outputs: set(true),
    variables: set(false),
    ...rest,
  };
}
