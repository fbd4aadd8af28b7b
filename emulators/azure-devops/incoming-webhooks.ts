import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Answer, Received } from '../loopback/loopback-server.js';
import { badMethod, failure } from './answers.js';
import type { Location } from './locations.js';
import { queueRun } from './runs.js';
import type { Service } from './service.js';
import { apiVersion } from './versions.js';
import { isWanted } from './yaml-pipelines.js';

/** A service connection of the type "Incoming WebHook". */
export interface IncomingWebhook {
  /** The connection's name, by which pipelines know it. */
  connection: string;
  /** The name in the address. */
  webhookName: string;
  secret: string;
  /** The header in which the checksum comes. */
  header: string;
}

/** Not in the recorded lists of resources; there are only previews. */
const location: Location = {
  id: '',
  area: 'distributedtask',
  routeTemplate: '_apis/public/{area}/{resource}/{webHookId}',
  resourceName: 'webhooks',
  resourceVersion: 1,
  minVersion: '6.0',
  maxVersion: '7.2',
  releasedVersion: '0.0',
};

/** What anybody may post, signed or not; undefined for any other path. */
export function serveIncomingWebhook(received: Received, service: Service): Answer | undefined {
  const prefix = `/${service.organization}/_apis/public/distributedtask/webhooks/`;
  if (!received.path.toLowerCase().startsWith(prefix.toLowerCase())) return undefined;
  if (received.method !== 'POST') return badMethod;
  const version = apiVersion(received, service.profile, location);
  if ('status' in version) return version;
  const name = decodeURIComponent(received.path.slice(prefix.length)).replace(/\/$/, '');
  const webhook = webhookNamed(name, service);
  if (webhook === undefined) return refused(`Cannot find webhook with id ${name}.`);
  const problem = problemWithChecksum(received, webhook);
  if (problem !== undefined) return refused(problem);
  trigger(webhook, received.body, service);
  // Says only that the signature was right: the runs are the business of a job of the server.
  return { status: 200, body: '' };
}

/** A webhook is known when a pipeline that names its connection was saved (MicrosoftDocs/azure-devops-docs#12901). */
function webhookNamed(name: string, service: Service): IncomingWebhook | undefined {
  return service.incomingWebhooks.find(
    ({ webhookName, connection }) =>
      webhookName.toLowerCase() === name.toLowerCase() &&
      service.yamlPipelines.some(({ webhooks }) =>
        webhooks.some((resource) => resource.connection === connection),
      ),
  );
}

/** Without the name of a header nothing is checked, even if there is a secret (WebHookHelper, Server 2022). */
function problemWithChecksum({ headers, body }: Received, webhook: IncomingWebhook): string | undefined {
  if (webhook.header === '') return undefined;
  const given = headers[webhook.header.toLowerCase()];
  if (given === undefined) return 'Properties.Resources.RequiredHeaderSignatureNotFound';
  if (body === '') return 'Properties.Resources.EmptyWebHookEventPayload';
  const hex = String(given).replace(/^sha1=/i, '');
  const right = createHmac('sha1', webhook.secret).update(body).digest();
  const isRight = /^[0-9a-f]{40}$/i.test(hex) && timingSafeEqual(right, Buffer.from(hex, 'hex'));
  // The body really is in that message.
  return isRight ? undefined : `The hash of the payload does not match: ${body}`;
}

function trigger({ connection }: IncomingWebhook, body: string, service: Service): void {
  const payload = parsed(body);
  for (const pipeline of service.yamlPipelines) {
    for (const resource of pipeline.webhooks) {
      if (resource.connection !== connection || !isWanted(resource, payload)) continue;
      try {
        queueRun(service, pipeline, { reason: 'ResourceTrigger', parameters: { [resource.alias]: payload } });
      } catch {
        // Nobody is told but the pipeline's page of trigger issues.
      }
    }
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

/** Every refusal is a 500 (a public report of 2026, wso2/api-platform#3311). */
function refused(message: string): Answer {
  return failure(500, 'WebHookException', message);
}
