import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { loadRelay, signedByInfisical } from '../support/relay.js';
import {
  azureSecret,
  hookName,
  infisicalSecret,
  modified,
  noon,
  person,
  projectId,
  usesRelay,
  settings,
  signed,
  textOf,
} from './relay-stage.js';

describe('the relay', () => {
  const stage = usesRelay();

  describe('passes on', () => {
    it('event, project, environment, path and time, and nothing else', async () => {
      const { status } = await stage.deliver();

      assert.equal(status, 200);
      assert.deepEqual(
        stage.sent.map(({ url, body }) => [url, JSON.parse(body) as unknown]),
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
      await stage.deliver();

      const [{ headers, body } = { headers: {}, body: '' }] = stage.sent;
      const checksum = createHmac('sha1', azureSecret).update(body).digest('hex').toUpperCase();
      assert.deepEqual(headers, { 'Content-Type': 'application/json', 'X-Relay-Signature': checksum });
    });

    it('the ID of an older server, which calls it workspaceId', async () => {
      const { workspaceId, environment, secretPath } = modified.project;
      const body = textOf({ event: 'secrets.modified', project: { workspaceId, environment, secretPath } });

      await stage.deliver(signed(body));

      assert.equal((JSON.parse(stage.sent[0]?.body ?? '{}') as typeof modified).project.projectId, projectId);
    });

    it('the test of Infisical, without a project, so that no filter takes it', async () => {
      const body = textOf({ ...modified, event: 'test' });

      const { status } = await stage.deliver(signed(body));

      assert.equal(status, 200);
      assert.deepEqual(JSON.parse(stage.sent[0]?.body ?? ''), { event: 'test', timestamp: noon });
    });

    it('the same signature whatever its case', async () => {
      const signature = signedByInfisical(infisicalSecret, textOf(modified), noon);

      const { status } = await stage.deliver({ signature: signature.toUpperCase().replace('T=', 't=') });

      assert.equal(status, 200);
    });
  });

  describe('answers 200 and passes nothing on', () => {
    for (const event of ['secrets.rotation-failed', 'secrets.reminder-expired', 'canary-of-tomorrow']) {
      it(event, async () => {
        const body = textOf({ ...modified, event });

        const { status } = await stage.deliver(signed(body));

        assert.deepEqual([status, stage.sent], [200, []]);
      });
    }
  });

  describe('says that Azure DevOps', () => {
    for (const status of [302, 203, 400, 404, 500]) {
      it(`answered ${String(status)}, and tells nothing of what it answered`, async () => {
        stage.answerOfAzure = () => Promise.resolve(new Response(`${person} ${azureSecret}`, { status }));

        const answer = await stage.deliver();

        assert.equal(answer.status, 502);
        assert.deepEqual(JSON.parse(answer.body), { message: `Azure DevOps answered ${String(status)}` });
      });
    }

    it('did not answer', async () => {
      stage.answerOfAzure = () => Promise.reject(new Error(`connect ECONNREFUSED ${hookName}`));

      const { status, body } = await stage.deliver();

      assert.deepEqual([status, JSON.parse(body)], [504, { message: 'Azure DevOps did not answer' }]);
    });
  });

  it('does not wait for Azure DevOps longer than Infisical waits for it', async () => {
    stage.answerOfAzure = (signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          reject(signal.reason as Error);
        });
      });

    assert.equal((await stage.deliver()).status, 504);
  });

  it('writes one line for each delivery', async () => {
    await stage.deliver();
    await stage.deliver({ signature: undefined });

    assert.deepEqual(stage.lines, [
      'relay: 200 forwarded secrets.modified',
      'relay: 401 the signature of Infisical is missing',
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
      "The relay can't start. Correct these settings: INFISICAL_WEBHOOK_SECRET needs at least 16 characters; AZURE_WEBHOOK_SECRET needs at least 16 characters; AZURE_WEBHOOK_URL must be an https:// address.",
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
