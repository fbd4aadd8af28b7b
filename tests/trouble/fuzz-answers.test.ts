import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { AgentHost } from '#task/adapters/agent/host.js';
import type { HttpRequest, HttpResponse } from '#task/adapters/http/exchange.js';
import { InfisicalApi } from '#task/adapters/infisical/api.js';
import type { InfisicalConnection } from '#task/adapters/infisical/connection.js';
import { InfisicalSession } from '#task/adapters/infisical/session.js';
import { InfisicalSource } from '#task/adapters/infisical/source.js';
import type { Destination } from '#task/config/config.js';
import { SyncError } from '#task/domain/errors.js';
import { SecretValue } from '#task/domain/secret-value.js';
import { publishFailure, publishReport } from '#task/sync/publish.js';
import { run } from '#task/sync/run.js';
import { StoppedRun } from '#task/sync/write-state.js';
import { storeFor } from '#task/wiring/stores.js';
import { aConfig, anIdentity, somePrints } from '../support/builders.js';
import { FakeClock } from '../support/fake-clock.js';
import { hostileText, runs } from '../support/hostile.js';
import { assertInertLine } from '../support/inert.js';
import { parseCommand } from '../../emulators/agent/command-parser.js';
import { ScriptedHttp } from '../support/scripted-http.js';

/** In every body, as a value and beside it; allowed only where a value is masked or set. */
const canary = 'canary-fuzz-Xk29Vb7Lq4Tz';
const modifiedOn = '2026-11-25T12:00:00.53Z';
const variables = { OLD: { value: canary }, KEPT: { value: null, isSecret: true } };
const group = {
  id: 7,
  name: 'shop-prod',
  type: 'Vsts',
  description: `[infisical-sync: shop-prod owns *]`,
  modifiedOn,
  providerData: null,
  variables,
  variableGroupProjectReferences: [{ name: 'shop-prod', description: 'x', projectReference: { id: 'p' } }],
};
const row = (key: string): object => ({
  secretKey: key,
  secretValue: canary,
  secretPath: '/',
  secretValueHidden: false,
  type: 'shared',
  tags: [{ slug: 't' }],
});
const answers: [RegExp, unknown][] = [
  [/universal-auth\/login/, { accessToken: `${canary}-token`, expiresIn: 1 }],
  [/projects\/slug\//, { id: 'id-1', name: canary }],
  [
    /v4\/secrets/,
    {
      secrets: [row('A'), row('B')],
      imports: [{ environment: 'prod', secretPath: '/i', folderId: 'f', secrets: [row('C')] }],
    },
  ],
  [/token\/revoke/, { message: canary }],
  [/pipelinepermissions/, { allPipelines: { authorized: true }, pipelines: [{ id: 1, authorized: true }] }],
  [/variablegroups\/\d+/, group],
  [/variablegroups/, { count: 1, value: [group] }],
  [/build\/definitions/, { id: 3, name: 'nightly', revision: 1, variables, process: { type: 2 } }],
];

type Body = { kind: 'mutated'; at: number; by: unknown } | { kind: 'other'; text: string };
interface Twist {
  /** Which request of the run. */
  request: number;
  status: number;
  contentType: string;
  headers: Record<string, string>;
  body: Body;
}

const replacement = fc.oneof(
  fc.constantFrom(undefined, null, true, 0, -1, 1e308, '', [], {}, [null], canary, 'x'.repeat(100_000)),
  hostileText,
  fc.jsonValue({ maxDepth: 2 }),
  fc.dictionary(hostileText, fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 }),
);
const twist: fc.Arbitrary<Twist> = fc.record({
  request: fc.nat(9),
  status: fc.oneof(
    { weight: 5, arbitrary: fc.constant(200) },
    { weight: 3, arbitrary: fc.constantFrom(203, 204, 302, 400, 401, 403, 404, 409, 418, 500) },
  ),
  contentType: fc.constantFrom('application/json; charset=utf-8', 'application/json', 'text/html', ''),
  headers: fc.dictionary(
    fc.constantFrom('x-ms-continuationtoken', 'retry-after', 'location', 'activityid'),
    hostileText,
    { maxKeys: 2 },
  ),
  body: fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ kind: fc.constant('mutated' as const), at: fc.nat(60), by: replacement }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('other' as const), text: fc.oneof(hostileText, fc.json()) }),
    },
    {
      weight: 1,
      arbitrary: fc
        .record({ error: hostileText, message: hostileText, typeKey: hostileText })
        .map(({ error, message, typeKey }) => ({
          kind: 'other' as const,
          text: JSON.stringify({ error, message: `${message}${canary}`, typeKey, value: canary }),
        })),
    },
  ),
});

/** Replaces the value at one place of a JSON document, counted through all objects and lists. */
function mutated(document: unknown, at: number, by: unknown): unknown {
  const places: (() => void)[] = [];
  const copy = structuredClone({ document });
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      places.push(() => {
        (node as Record<string, unknown>)[key] = by;
      });
      visit(value);
    }
  };
  visit(copy);
  places[at % places.length]?.();
  return copy.document;
}

function bodyOf(url: string, body: Body | undefined): string {
  const valid = answers.find(([path]) => path.test(url))?.[1] ?? {};
  if (body?.kind === 'other') return body.text;
  return JSON.stringify((body === undefined ? valid : mutated(valid, body.at, body.by)) ?? null);
}

class RecordingHost extends AgentHost {
  readonly lines: string[];
  readonly files: string[] = [];

  constructor() {
    const lines: string[] = [];
    super((line) => lines.push(line));
    this.lines = lines;
  }

  override writeFile(name: string, content: string): string {
    this.files.push(content);
    return name;
  }
}

async function story(destination: Destination, twists: readonly Twist[]): Promise<RecordingHost> {
  const host = new RecordingHost();
  const clock = new FakeClock();
  let count = 0;
  const http = new ScriptedHttp((request: HttpRequest): HttpResponse => {
    const chosen = twists.find((candidate) => candidate.request === count);
    count += 1;
    assert.ok(count < 3_000, 'no end of requests');
    return {
      status: chosen?.status ?? 200,
      headers: { ...chosen?.headers, 'content-type': chosen?.contentType ?? 'application/json' },
      body: bodyOf(request.url.pathname, chosen?.body),
    };
  });
  const config = { ...aConfig(), destination };
  const agentRun = {
    hostType: 'build',
    collectionUrl: 'https://dev.azure.com/org/',
    oidcRequestUri: '',
    projectId: 'p',
    projectName: 'Shop',
    definitionId: 3,
    reason: 'Manual',
    outputOrigin: undefined,
  } as const;
  const connection: InfisicalConnection = {
    id: 'connection-1',
    organizationSlug: '',
    requestHeaders: [],
    baseUrl: 'https://infisical',
    auth: { kind: 'universal', clientId: 'c', clientSecret: new SecretValue(`${canary}-secret`) },
  };
  const api = new InfisicalApi(connection, http);
  const session = new InfisicalSession(connection, {
    api,
    mask: (values) => {
      host.mask(values);
    },
    oidcToken: () => Promise.reject(new SyncError('There is no OIDC here.')),
    azureToken: () => Promise.reject(new SyncError('There is no Azure here.')),
  });
  const source = new InfisicalSource({ connection, api, session, folder: config.source, needsTags: false });
  const destinationParts = storeFor(destination, {
    host,
    agentRun,
    identity: anIdentity(agentRun.collectionUrl, `${canary}-job`),
    http,
    clock,
  });
  try {
    publishReport(
      await run(config, {
        source,
        ...destinationParts,
        host,
        clock,
        prints: somePrints,
        reason: 'Manual',
        warnings: [],
      }),
      host,
    );
  } catch (thrown) {
    const error = thrown instanceof StoppedRun ? thrown.cause : thrown;
    // Anything else is a crash, and would be told as a fault of the task itself.
    if (!(error instanceof SyncError)) throw thrown;
    assert.ok(error.message.length > 20 && error.message.length < 200_000);
    host.fail(error.message);
    publishFailure(error.message, 'Nothing was written.', host);
  }
  return host;
}

function refuseTraces(host: RecordingHost): void {
  const silent = ['setsecret', 'setvariable'];
  for (const line of host.lines) {
    const command = parseCommand(line);
    if (command === undefined) assertInertLine(line);
    else {
      assert.ok(
        ['setsecret', 'setvariable', 'setprogress', 'logissue', 'uploadsummary'].includes(command.event),
      );
      if (!silent.includes(command.event)) command.data.split('\n').forEach(assertInertLine);
    }
    assert.ok(!line.includes(canary) || silent.includes(command?.event ?? ''), 'a canary shows');
  }
  for (const file of host.files)
    assert.ok(!file.includes(canary) && !file.includes('##vso['), 'a file leaks');
}

describe('fuzzed answers of both services', () => {
  const signIn = { kind: 'currentPipeline' } as const;
  const destinations: Destination[] = [
    {
      kind: 'variableGroup',
      signIn,
      project: '',
      variableGroup: 'shop-prod',
      authorizePipelines: 'thisPipeline',
    },
    { kind: 'pipelineDefinition', signIn, project: '', pipelineId: undefined },
    { kind: 'pipelineVariables', setAsOutput: true },
  ];
  for (const destination of destinations) {
    it(`end in a report or in a message, and neither leak nor act: ${destination.kind}`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(twist, { minLength: 1, maxLength: 3 }), async (twists) => {
          // A canary in a name shows, as names do; here only those in values count.
          fc.pre(
            !JSON.stringify(twists).includes(canary) || twists.every(({ body }) => body.kind === 'other'),
          );
          refuseTraces(await story(destination, twists));
        }),
        runs(2_500),
      );
    });
  }
});
