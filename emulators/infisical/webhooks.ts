import { createHmac, randomUUID } from 'node:crypto';
import { isMatch } from 'picomatch';
import type { Project } from './store.js';

/** What people may subscribe to; `test` is the button. */
export type WebhookEvent = 'secrets.modified' | 'secrets.rotation-failed';

export interface NewWebhook {
  project: string;
  environment: string;
  /** A glob; the root alone unless said otherwise. */
  secretPath?: string;
  url: string;
  /** Signs what is sent. */
  secretKey?: string;
  /** Empty means all. */
  events?: WebhookEvent[];
  isDisabled?: boolean;
}

export interface Webhook extends Required<Omit<NewWebhook, 'secretKey'>> {
  id: string;
  secretKey: string;
  lastStatus: 'success' | 'failed' | undefined;
  lastRunErrorMessage: string | null;
}

interface Occasion {
  event: WebhookEvent;
  project: Project;
  environment: string;
  secretPath: string;
  details: Record<string, unknown>;
}

interface World {
  now: () => number;
  project: (slug: string) => Project;
  timeoutMs: number;
}

/**
 * Webhooks of type "General" (webhook-fns.ts, webhook-service.ts and secret-queue.ts of Infisical/infisical, 2026).
 * Infisical waits a second before it sends; here nothing goes out until somebody calls `deliver`.
 */
export class Webhooks {
  readonly all: Webhook[] = [];
  readonly #world: World;
  readonly #pending = new Map<string, Occasion>();

  constructor(world: World) {
    this.#world = world;
  }

  add(webhook: NewWebhook): Webhook {
    const added: Webhook = {
      secretPath: '/',
      secretKey: '',
      events: [],
      isDisabled: false,
      ...webhook,
      id: randomUUID(),
      lastStatus: undefined,
      lastRunErrorMessage: null,
    };
    this.all.push(added);
    return added;
  }

  /** A shared secret changed. Changes of one folder that wait together become one event. */
  changed(project: Project, environment: string, secretPath: string): void {
    // What changed before there was a webhook is long over.
    if (this.all.length === 0) return;
    const details = { changedBy: 'test.user@example.com', changedByActorType: 'user' };
    const occasion: Occasion = { event: 'secrets.modified', project, environment, secretPath, details };
    const key = `${environment}-${project.id}-${secretPath}`;
    if (!this.#pending.has(key)) this.#pending.set(key, occasion);
  }

  /** The second is over: what waits goes out. */
  async deliver(): Promise<void> {
    const occasions = [...this.#pending.values()];
    this.#pending.clear();
    for (const occasion of occasions) await this.#trigger(occasion);
  }

  async rotationFailed(
    place: { project: string; environment: string; path?: string },
    failure: { rotationName: string; errorMessage: string },
  ): Promise<void> {
    await this.#trigger({
      event: 'secrets.rotation-failed',
      project: this.#world.project(place.project),
      environment: place.environment,
      secretPath: place.path ?? '/',
      details: { ...failure, triggeredManually: false },
    });
  }

  /** The button "Test", which asks neither for events nor for whether the webhook is on. */
  async test(webhook: Webhook): Promise<void> {
    const { environment, secretPath } = webhook;
    const project = this.#world.project(webhook.project);
    await this.#send(webhook, {
      event: 'test',
      project: { workspaceId: project.id, ...placeOf(project, environment, secretPath) },
    });
  }

  async #trigger({ event, project, environment, secretPath, details }: Occasion): Promise<void> {
    const due = this.all.filter(
      (webhook) =>
        webhook.project === project.slug &&
        webhook.environment === environment &&
        !webhook.isDisabled &&
        isMatch(secretPath, webhook.secretPath, { strictSlashes: false }) &&
        (webhook.events.length === 0 || webhook.events.includes(event)),
    );
    // A failed rotation has no workspaceId.
    const oldName = event === 'secrets.modified' ? { workspaceId: project.id } : {};
    const named = { ...oldName, ...placeOf(project, environment, secretPath), ...details };
    await Promise.all(due.map((webhook) => this.#send(webhook, { event, project: named })));
  }

  /** Sent once, whatever comes of it. */
  async #send(webhook: Webhook, payload: Record<string, unknown>): Promise<void> {
    const timestamp = this.#world.now();
    const body = JSON.stringify({ ...payload, timestamp });
    const error = await post(webhook, { body, timestamp }, this.#world.timeoutMs);
    webhook.lastStatus = error === undefined ? 'success' : 'failed';
    webhook.lastRunErrorMessage = error ?? null;
  }
}

function placeOf(project: Project, environment: string, secretPath: string): Record<string, unknown> {
  const environmentName = project.environment(environment)?.name;
  return { projectId: project.id, projectName: project.name, environment, environmentName, secretPath };
}

/** @returns what axios says of a failure; people see that and nothing of the answer */
async function post(
  { url, secretKey }: Webhook,
  { body, timestamp }: { body: string; timestamp: number },
  timeoutMs: number,
): Promise<string | undefined> {
  const digest = createHmac('sha256', secretKey).update(body).digest('hex');
  const signature = secretKey === '' ? {} : { 'x-infisical-signature': `t=${timestamp};${digest}` };
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...signature },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    return response.ok ? undefined : `Request failed with status code ${response.status}`;
  } catch (error) {
    if ((error as Error).name === 'TimeoutError') return `timeout of ${timeoutMs}ms exceeded`;
    return String(((error as Error).cause as Error | undefined)?.message ?? error);
  }
}
