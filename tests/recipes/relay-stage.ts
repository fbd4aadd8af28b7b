import assert from 'node:assert/strict';
import { loadRelay, signedByInfisical, type RelayAnswer, type Sent } from '../support/relay.js';

export const infisicalSecret = 'canary-infisical-hook-Xk29Qm';
export const azureSecret = 'canary-azure-hook-Pw73Lt';
export const person = 'canary-person-Vb61Zs@example.com';
export const hookName = 'canary-hook-name-Jd48Rf';
export const settings = {
  INFISICAL_WEBHOOK_SECRET: infisicalSecret,
  AZURE_WEBHOOK_SECRET: azureSecret,
  AZURE_WEBHOOK_URL: `https://dev.azure.com/example-org/_apis/public/distributedtask/webhooks/${hookName}?api-version=6.0-preview`,
};
export const noon = Date.UTC(2026, 10, 25, 12);
export const projectId = '0d3f9f5e-4c55-4c1d-9a3e-2f6f8f0f7a11';

/** What Infisical sends, in its order. */
export const modified = {
  event: 'secrets.modified',
  project: {
    workspaceId: projectId,
    projectId,
    projectName: 'Shop "$(id)"',
    environment: 'prod',
    environmentName: 'Production',
    secretPath: '/api',
    changedBy: person,
    changedByActorType: 'user',
  },
};

export interface Delivery {
  body?: string | Uint8Array<ArrayBuffer>;
  signature?: string | undefined;
  method?: string;
  headers?: Record<string, string>;
}

export const textOf = (payload: object, timestamp = noon): string =>
  JSON.stringify({ ...payload, timestamp });

export const signed = (body: string, timestamp = noon): Delivery => ({
  body,
  signature: signedByInfisical(infisicalSecret, body, timestamp),
});

const taken = (): Promise<Response> => Promise.resolve(new Response(null, { status: 200 }));

/** A relay between an Infisical and an Azure DevOps that are a few lines each. */
class RelayStage {
  /** What Azure DevOps was sent. */
  sent: (Sent & { url: string })[] = [];
  lines: string[] = [];
  nowMs = noon;
  answerOfAzure: (signal: AbortSignal) => Promise<Response> = taken;
  #relay: ((request: Request) => Promise<RelayAnswer>) | undefined;

  /** A relay that remembers nothing. */
  async startAnew(): Promise<void> {
    this.sent = [];
    this.lines = [];
    this.nowMs = noon;
    this.answerOfAzure = taken;
    const { createRelay, settingsFrom } = await loadRelay();
    const handler = createRelay(settingsFrom(settings), {
      now: () => this.nowMs,
      azureTimeoutMs: 200,
      bodyTimeoutMs: 200,
      fetch: (url, { headers, body, signal }) => {
        this.sent.push({ url, headers, body });
        return this.answerOfAzure(signal);
      },
    });
    this.#relay = (request) => handler(request, (line) => this.lines.push(line));
  }

  /** Sends what Infisical would send, with its signature unless another one or none is given. */
  deliver({
    body = textOf(modified),
    method = 'POST',
    headers = {},
    ...rest
  }: Delivery = {}): Promise<RelayAnswer> {
    const signature =
      'signature' in rest ? rest.signature : signedByInfisical(infisicalSecret, String(body), noon);
    const request = new Request('https://relay.example/api/infisical', {
      method,
      headers: { ...headers, ...(signature === undefined ? {} : { 'x-infisical-signature': signature }) },
      ...(method === 'GET' ? {} : { body }),
    });
    return this.send(request);
  }

  send(request: Request): Promise<RelayAnswer> {
    if (this.#relay === undefined) throw new Error('the relay has not started');
    return this.#relay(request);
  }

  assertDiscreet(): void {
    const told = this.lines.join('\n');
    for (const secret of [infisicalSecret, azureSecret, person, hookName, projectId, '/api'])
      assert.ok(!told.includes(secret), `the log tells ${secret}`);
  }
}

/** For a suite: each test has a relay that remembers nothing and may not have told a secret by its end. */
export function usesRelay(): RelayStage {
  const stage = new RelayStage();
  beforeEach(() => stage.startAnew());
  afterEach(() => {
    stage.assertDiscreet();
  });
  return stage;
}
