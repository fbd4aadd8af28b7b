// Stands between Infisical's webhook and Azure Pipelines' Incoming WebHook, because one signs with HMAC-SHA256 and the
// other checks HMAC-SHA1. Takes nothing that Infisical did not sign just now, and passes on only what a filter needs.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { clearTimeout, setTimeout } from 'node:timers';

/** Infisical sends less than 2 kB. */
const maxBodyBytes = 64 * 1024;
/** Infisical gives up after 15 s and would show a time-out instead of our answer. */
const patienceMs = 10_000;
/** So little comes at once; whoever sends it drop by drop holds a connection, and an invocation of a Function. */
const bodyPatienceMs = 5_000;
/** A clock may be a little ahead of ours. */
const maxAheadMs = 60_000;
/** Signatures that are remembered; each is one delivery of the last minutes. */
const maxRemembered = 10_000;

// Names in Infisical hold nothing else. So nothing that a script, a macro or YAML could take for more than text gets on.
const plainId = /^[0-9A-Za-z-]{1,64}$/;
const plainSlug = /^[0-9A-Za-z_-]{1,64}$/;
const plainPath = /^\/[0-9A-Za-z_/-]{0,512}$/;

/** What is answered, and is one line of the log. */
class Answer extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

/**
 * Reads the settings. Names of what is wrong are told, values never.
 * @param {Record<string, string | undefined>} env
 */
export function settingsFrom(env) {
  const problems = [];
  const secret = (name) => {
    const value = env[name] ?? '';
    if (value.length < 16) problems.push(`${name} needs at least 16 characters`);
    return value;
  };
  const settings = {
    infisicalSecret: secret('INFISICAL_WEBHOOK_SECRET'),
    azureSecret: secret('AZURE_WEBHOOK_SECRET'),
    azureUrl: env.AZURE_WEBHOOK_URL ?? '',
    azureHeader: env.AZURE_WEBHOOK_HEADER || 'X-Relay-Signature',
    maxAgeMs: Number(env.RELAY_MAX_AGE_SECONDS || 300) * 1000,
  };
  if (!isSafeUrl(settings.azureUrl)) problems.push('AZURE_WEBHOOK_URL must be an https:// address');
  if (!/^[A-Za-z0-9-]+$/.test(settings.azureHeader))
    problems.push('AZURE_WEBHOOK_HEADER must be the name of a header');
  if (!(settings.maxAgeMs > 0)) problems.push('RELAY_MAX_AGE_SECONDS must be a number above 0');
  if (problems.length > 0)
    throw new Error(`The relay can't start. Correct these settings: ${problems.join('; ')}.`);
  return settings;
}

function isSafeUrl(text) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // Plain HTTP only to this very machine, for a trial.
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && url.hostname === '127.0.0.1');
}

/**
 * Makes the handler: a Request, as fetch and Azure Functions know it, goes in; status, headers and body come out.
 * @param {ReturnType<typeof settingsFrom>} settings
 * @param {{ now?: () => number, fetch?: typeof globalThis.fetch, azureTimeoutMs?: number, bodyTimeoutMs?: number }} [world]
 */
export function createRelay(settings, world = {}) {
  const { now = Date.now, fetch = globalThis.fetch } = world;
  const { azureTimeoutMs = patienceMs, bodyTimeoutMs = bodyPatienceMs } = world;
  const remembered = new Map();

  return async function relay(request, log = console.log) {
    try {
      const body = await signedBody(request, settings.infisicalSecret, bodyTimeoutMs);
      const delivery = parsed(body.bytes);
      refuseWrongTime(delivery.timestamp, body.claimedTime, { now: now(), maxAgeMs: settings.maxAgeMs });
      const forwarded = textFor(delivery);
      if (forwarded === undefined) return answered(new Answer(200, 'nothing to do for this event'), log);
      remember(
        remembered,
        { signature: body.signature, timestamp: delivery.timestamp },
        now() - settings.maxAgeMs,
      );
      try {
        await send(forwarded, settings, { fetch, azureTimeoutMs });
      } catch (error) {
        remembered.delete(body.signature);
        throw error;
      }
      return answered(new Answer(200, `forwarded ${delivery.event}`), log);
    } catch (error) {
      // Whatever else went wrong: its message could hold text from outside.
      return answered(error instanceof Answer ? error : new Answer(500, 'the relay failed'), log);
    }
  };
}

function answered({ status, message }, log) {
  log(`relay: ${status} ${message}`);
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' },
    body: JSON.stringify({ message }),
  };
}

/** The bytes as they came: parsing and printing again could change what was signed. */
async function signedBody(request, secret, bodyTimeoutMs) {
  if (request.method !== 'POST') throw new Answer(405, 'only POST is allowed');
  const header = request.headers.get('x-infisical-signature') ?? '';
  const [, claimedTime, signature] = /^t=(\d{1,16});([0-9a-f]{64})$/i.exec(header) ?? [];
  if (signature === undefined) throw new Answer(401, 'the signature of Infisical is missing');
  const bytes = await limitedBytes(request, bodyTimeoutMs);
  const right = createHmac('sha256', secret).update(bytes).digest();
  if (!timingSafeEqual(right, Buffer.from(signature, 'hex'))) throw new Answer(401, 'the signature is wrong');
  return { bytes, claimedTime: Number(claimedTime), signature: right.toString('hex') };
}

async function limitedBytes(request, bodyTimeoutMs) {
  const tooLarge = new Answer(413, 'the body is too large');
  if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) throw tooLarge;
  const chunks = [];
  let size = 0;
  for await (const chunk of inTime(request.body, bodyTimeoutMs)) {
    size += chunk.length;
    if (size > maxBodyBytes) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The pieces of a body, as long as the last one is there in time. */
async function* inTime(body, timeoutMs) {
  const reader = body?.getReader();
  if (reader === undefined) return;
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Answer(408, 'the body did not arrive in time')), timeoutMs);
  });
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late]);
      if (done) return;
      yield value;
    }
  } finally {
    clearTimeout(timer);
    // Nobody waits for its end: it may never come.
    reader.cancel().catch(() => undefined);
  }
}

function parsed(bytes) {
  let delivery;
  try {
    delivery = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Answer(400, 'the body is not JSON');
  }
  if (typeof delivery !== 'object' || delivery === null) throw new Answer(400, 'the body is not an object');
  return delivery;
}

/** Only the time in the body is signed; that of the header alone would let an old delivery look new. */
function refuseWrongTime(timestamp, claimedTime, { now, maxAgeMs }) {
  if (typeof timestamp !== 'number' || timestamp !== claimedTime)
    throw new Answer(403, 'the times in the header and in the body differ');
  if (now - timestamp > maxAgeMs) throw new Answer(403, 'the delivery is too old');
  if (timestamp - now > maxAheadMs)
    throw new Answer(403, 'the delivery is from the future; check the clocks');
}

/** What goes on: no name of a person, no message of an error. Undefined for events that change no secret. */
function textFor({ event, project, timestamp }) {
  // The button "Test" of Infisical checks the whole way; the pipeline's filter lets no run come of it.
  if (event === 'test') return JSON.stringify({ event, timestamp });
  if (event !== 'secrets.modified') return undefined;
  const { environment, secretPath } = project ?? {};
  // Servers before 2025 know only the older name.
  const projectId = project?.projectId ?? project?.workspaceId;
  const isPlain = (text, pattern) => typeof text === 'string' && pattern.test(text);
  if (!isPlain(projectId, plainId) || !isPlain(environment, plainSlug) || !isPlain(secretPath, plainPath))
    throw new Answer(422, 'project, environment or path is missing, or is not a plain name');
  return JSON.stringify({ event, project: { projectId, environment, secretPath }, timestamp });
}

/** One process remembers its own deliveries only; a replay to another starts a needless run, and no more. */
function remember(remembered, { signature, timestamp }, tooOld) {
  for (const [known, time] of remembered) if (time < tooOld) remembered.delete(known);
  if (remembered.has(signature)) throw new Answer(409, 'the delivery was seen before');
  if (remembered.size >= maxRemembered) throw new Answer(429, 'too many deliveries');
  remembered.set(signature, timestamp);
}

/** As Azure Pipelines checks it: HMAC-SHA1 of the body, as hex in upper case. */
export function signatureForAzure(text, secret) {
  return createHmac('sha1', secret).update(text).digest('hex').toUpperCase();
}

async function send(text, { azureUrl, azureSecret, azureHeader }, { fetch, azureTimeoutMs }) {
  let response;
  try {
    response = await fetch(azureUrl, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', [azureHeader]: signatureForAzure(text, azureSecret) },
      body: text,
      redirect: 'manual',
      signal: AbortSignal.timeout(azureTimeoutMs),
    });
    // Not read: where Azure DevOps refuses a signature it repeats the body.
    await response.body?.cancel();
  } catch {
    throw new Answer(504, 'Azure DevOps did not answer');
  }
  // 203 is the page to sign in, at an address that is not a hook's.
  if (response.status !== 200) throw new Answer(502, `Azure DevOps answered ${response.status}`);
}
