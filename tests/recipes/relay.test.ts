import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { loadRelay, signedByInfisical, type RelayAnswer, type Sent } from '../support/relay.js';

const infisicalSecret = 'canary-infisical-hook-Xk29Qm';
const azureSecret = 'canary-azure-hook-Pw73Lt';
const person = 'canary-person-Vb61Zs@example.com';
const hookName = 'canary-hook-name-Jd48Rf';
const settings = {
  INFISICAL_WEBHOOK_SECRET: infisicalSecret,
  AZURE_WEBHOOK_SECRET: azureSecret,
  AZURE_WEBHOOK_URL: `https://dev.azure.com/example-org/_apis/public/distributedtask/webhooks/${hookName}?api-version=6.0-preview`,
};
const noon = Date.UTC(2026, 10, 25, 12);
const projectId = '0d3f9f5e-4c55-4c1d-9a3e-2f6f8f0f7a11';

/** What Infisical sends, in its order. */
const modified = {
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

interface Delivery {
  body?: string | Uint8Array<ArrayBuffer>;
  signature?: string | undefined;
  method?: string;
  headers?: Record<string, string>;
}

describe('the relay', () => {
  let sent: (Sent & { url: string })[];
  let lines: string[];
  let answerOfAzure: (signal: AbortSignal) => Promise<Response>;
  let nowMs: number;
  let relay: (request: Request) => Promise<RelayAnswer>;
  beforeEach(async () => {
    sent = [];
    lines = [];
    nowMs = noon;
    answerOfAzure = () => Promise.resolve(new Response(null, { status: 200 }));
    const { createRelay, settingsFrom } = await loadRelay();
    const handler = createRelay(settingsFrom(settings), {
      now: () => nowMs,
      azureTimeoutMs: 200,
      fetch: (url, { headers, body, signal }) => {
        sent.push({ url, headers, body });
        return answerOfAzure(signal);
      },
    });
    relay = (request) => handler(request, (line) => lines.push(line));
  });
  afterEach(() => {
    const told = lines.join('\n');
    for (const secret of [infisicalSecret, azureSecret, person, hookName, projectId, '/api'])
      assert.ok(!told.includes(secret), `the log tells ${secret}`);
  });

  const text = (payload: object, timestamp = noon): string => JSON.stringify({ ...payload, timestamp });
  const deliver = ({ body = text(modified), method = 'POST', headers = {}, ...rest }: Delivery = {}) => {
    const signature =
      'signature' in rest ? rest.signature : signedByInfisical(infisicalSecret, String(body), noon);
    return relay(
      new Request('https://relay.example/api/infisical', {
        method,
        headers: { ...headers, ...(signature === undefined ? {} : { 'x-infisical-signature': signature }) },
        ...(method === 'GET' ? {} : { body }),
      }),
    );
  };
  const signed = (body: string, timestamp = noon): Delivery => ({
    body,
    signature: signedByInfisical(infisicalSecret, body, timestamp),
  });

  describe('passes on', () => {
    it('event, project, environment, path and time, and nothing else', async () => {
      const { status } = await deliver();

      assert.equal(status, 200);
      assert.deepEqual(
        sent.map(({ url, body }) => [url, JSON.parse(body) as unknown]),
        [
          [
            settings.AZURE_WEBHOOK_URL,
            {
              event: 'secrets.modified',
              project: { projectId, environment: 'prod', secretPath: '/api' },
              timestamp: noon,
            },
          ],
        ],
      );
    });

    it('the very bytes that it signs, in the header of the setting, as upper-case HMAC-SHA1', async () => {
      await deliver();

      const [{ headers, body } = { headers: {}, body: '' }] = sent;
      const checksum = createHmac('sha1', azureSecret).update(body).digest('hex').toUpperCase();
      assert.deepEqual(headers, { 'Content-Type': 'application/json', 'X-Relay-Signature': checksum });
    });

    it('the ID of an older server, which calls it workspaceId', async () => {
      const { workspaceId, environment, secretPath } = modified.project;
      const body = text({ event: 'secrets.modified', project: { workspaceId, environment, secretPath } });

      await deliver(signed(body));

      assert.equal((JSON.parse(sent[0]?.body ?? '{}') as typeof modified).project.projectId, projectId);
    });

    it('the test of Infisical, without a project, so that no filter takes it', async () => {
      const body = text({ ...modified, event: 'test' });

      const { status } = await deliver(signed(body));

      assert.equal(status, 200);
      assert.deepEqual(JSON.parse(sent[0]?.body ?? ''), { event: 'test', timestamp: noon });
    });

    it('the same signature whatever its case', async () => {
      const signature = signedByInfisical(infisicalSecret, text(modified), noon);

      const { status } = await deliver({ signature: signature.toUpperCase().replace('T=', 't=') });

      assert.equal(status, 200);
    });
  });

  describe('answers 200 and passes nothing on', () => {
    for (const event of ['secrets.rotation-failed', 'secrets.reminder-expired', 'canary-of-tomorrow']) {
      it(event, async () => {
        const body = text({ ...modified, event });

        const { status } = await deliver(signed(body));

        assert.deepEqual([status, sent], [200, []]);
      });
    }
  });

  describe('refuses', () => {
    const body = text(modified);
    const right = signedByInfisical(infisicalSecret, body, noon);
    const later = text(modified, noon + 61_000);
    const old = text(modified, noon - 301_000);
    const cases: [name: string, status: number, delivery: Delivery][] = [
      ['no header', 401, { signature: undefined }],
      ['an empty header', 401, { signature: '' }],
      ['a header without a time', 401, { signature: right.replace(/^t=\d+;/, '') }],
      ['a header of another format', 401, { signature: right.replace(';', ',v1=') }],
      ['a signature that is cut short', 401, { signature: right.slice(0, -1) }],
      ['a signature that is no hex', 401, { signature: right.replace(/.$/, 'g') }],
      [
        'the signature of another secret',
        401,
        { signature: signedByInfisical('another-secret-16', body, noon) },
      ],
      ['a plain SHA-256 of the body', 401, { signature: `t=${noon};${'0'.repeat(64)}` }],
      ['a body that was changed', 401, { body: body.replace('"prod"', '"test"'), signature: right }],
      ['a body that was only printed again', 401, { body: `${body}\n`, signature: right }],
      ['an old delivery', 403, signed(old, noon - 301_000)],
      ['an old delivery under a new time', 403, { ...signed(old), body: old }],
      ['a delivery from the future', 403, signed(later, noon + 61_000)],
      ['a body without a time', 403, signed(JSON.stringify(modified))],
      ['a time that is text', 403, signed(JSON.stringify({ ...modified, timestamp: String(noon) }))],
      ['a signed body that is not JSON', 400, signed('secrets.modified')],
      ['a signed body that is no object', 400, signed('null')],
      ['an empty body', 400, signed('')],
      ['a huge body', 413, signed(text({ ...modified, padding: 'x'.repeat(70_000) }))],
      ['a body that says that it is huge', 413, { headers: { 'content-length': '70000' } }],
      ['GET', 405, { method: 'GET' }],
    ];
    for (const [name, status, delivery] of cases) {
      it(`${name}: ${String(status)}`, async () => {
        const answer = await deliver(delivery);

        assert.deepEqual([answer.status, sent], [status, []]);
        assert.match((JSON.parse(answer.body) as { message: string }).message, /\w/);
      });
    }

    it('bytes that are no UTF-8, although they are signed: 400', async () => {
      const bytes = Uint8Array.from([0x22, 0xff, 0x22]);
      const digest = createHmac('sha256', infisicalSecret).update(bytes).digest('hex');

      const { status } = await deliver({ body: bytes, signature: `t=${noon};${digest}` });

      assert.equal(status, 400);
    });

    it('to read more than 64 kB of a body that does not say how long it is', async () => {
      let pulled = 0;
      const endless = new ReadableStream<Uint8Array>({
        pull: (controller) => {
          pulled += 1;
          controller.enqueue(new Uint8Array(16_384));
        },
      });
      const init = {
        method: 'POST',
        body: endless,
        duplex: 'half',
        headers: { 'x-infisical-signature': right },
      };

      const { status } = await relay(new Request('https://relay.example/', init as RequestInit));

      assert.equal(status, 413);
      assert.ok(pulled <= 7, `${pulled} pieces were read`);
    });

    for (const [field, value] of [
      ['secretPath', '/$(System.AccessToken)'],
      ['secretPath', '/a"; curl evil #'],
      ['secretPath', '/a\n##vso[task.complete]'],
      ['environment', '${{ variables.x }}'],
      ['environment', { a: 1 }],
      ['projectId', undefined],
    ] as const) {
      it(`to pass on a ${field} that is no plain name: ${value === undefined ? 'none' : JSON.stringify(value)}`, async () => {
        const project = { ...modified.project, workspaceId: undefined, [field]: value };

        const { status } = await deliver(signed(text({ ...modified, project })));

        assert.deepEqual([status, sent], [422, []]);
      });
    }
  });

  describe('a replay', () => {
    it('is refused', async () => {
      await deliver();

      const { status } = await deliver();

      assert.deepEqual([status, sent.length], [409, 1]);
    });

    it('is refused under another time, and in other case', async () => {
      await deliver();
      const right = signedByInfisical(infisicalSecret, text(modified), noon);

      const statuses = [
        (await deliver({ signature: right.replace(String(noon), String(noon + 1)) })).status,
        (await deliver({ signature: right.toUpperCase().replace('T=', 't=') })).status,
      ];

      assert.deepEqual([statuses, sent.length], [[403, 409], 1]);
    });

    it('is refused as too old when it is no longer remembered', async () => {
      await deliver();
      nowMs = noon + 300_001;

      const { status } = await deliver();

      assert.equal(status, 403);
    });

    it('of what Azure DevOps did not take is passed on again', async () => {
      answerOfAzure = () => Promise.resolve(new Response(null, { status: 503 }));
      await deliver();
      answerOfAzure = () => Promise.resolve(new Response(null, { status: 200 }));

      const { status } = await deliver();

      assert.deepEqual([status, sent.length], [200, 2]);
    });

    it('is not what a second change at once is', async () => {
      await deliver();
      const second = text(modified, noon + 1);

      const { status } = await deliver(signed(second, noon + 1));

      assert.deepEqual([status, sent.length], [200, 2]);
    });
  });

  describe('says that Azure DevOps', () => {
    for (const status of [302, 203, 400, 404, 500]) {
      it(`answered ${String(status)}, and tells nothing of what it answered`, async () => {
        answerOfAzure = () => Promise.resolve(new Response(`${person} ${azureSecret}`, { status }));

        const answer = await deliver();

        assert.equal(answer.status, 502);
        assert.deepEqual(JSON.parse(answer.body), { message: `Azure DevOps answered ${String(status)}` });
      });
    }

    it('did not answer', async () => {
      answerOfAzure = () => Promise.reject(new Error(`connect ECONNREFUSED ${hookName}`));

      const { status, body } = await deliver();

      assert.deepEqual([status, JSON.parse(body)], [504, { message: 'no answer from Azure DevOps' }]);
    });
  });

  it('does not wait for Azure DevOps longer than Infisical waits for it', async () => {
    answerOfAzure = (signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reject(signal.reason as Error);
        });
      });

    assert.equal((await deliver()).status, 504);
  });

  it('writes one line for each delivery', async () => {
    await deliver();
    await deliver({ signature: undefined });

    assert.deepEqual(lines, [
      'relay: 200 forwarded secrets.modified',
      'relay: 401 no signature of Infisical',
    ]);
  });
});

describe('the settings of the relay', () => {
  const refusalOf = async (changes: Record<string, string | undefined>): Promise<string> => {
    const { settingsFrom } = await loadRelay();
    try {
      settingsFrom({ ...settings, ...changes });
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };

  it('have a header and a window of five minutes unless told otherwise', async () => {
    const { settingsFrom } = await loadRelay();

    const { azureHeader, maxAgeMs } = settingsFrom(settings);

    assert.deepEqual([azureHeader, maxAgeMs], ['X-Relay-Signature', 300_000]);
  });

  it('are refused all at once, by name and without a value', async () => {
    const message = await refusalOf({
      INFISICAL_WEBHOOK_SECRET: 'canary-short',
      AZURE_WEBHOOK_SECRET: undefined,
      AZURE_WEBHOOK_URL: `http://dev.azure.com/${hookName}`,
    });

    assert.equal(
      message,
      "The relay can't start: INFISICAL_WEBHOOK_SECRET needs at least 16 characters; AZURE_WEBHOOK_SECRET needs at least 16 characters; AZURE_WEBHOOK_URL is not an https address.",
    );
  });

  for (const [name, value] of [
    ['AZURE_WEBHOOK_HEADER', 'X Signature'],
    ['RELAY_MAX_AGE_SECONDS', 'five'],
    ['RELAY_MAX_AGE_SECONDS', '-1'],
  ] as const) {
    it(`are refused: ${name} ${value}`, async () => {
      assert.match(await refusalOf({ [name]: value }), new RegExp(name));
    });
  }
});

describe('the signature for Azure', () => {
  it('is that of the example that Microsoft documents', async () => {
    // learn.microsoft.com, resources.webhooks.webhook: this secret, this body, this checksum.
    const body = `{"resource":{"message":{"title":"Hello, world!","subtitle":"I'm using WebHooks!"}}}`;
    const { signatureForAzure } = await loadRelay();

    assert.equal(signatureForAzure(body, 'secret'), '750D33212D3AD4932CC390819050734831A0A94F');
  });
});
