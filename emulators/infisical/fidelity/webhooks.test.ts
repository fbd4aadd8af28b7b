import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { InfisicalEmulator } from '../emulator.js';
import type { NewWebhook, Webhook } from '../webhooks.js';
import { LoopbackServer } from '../../loopback/loopback-server.js';

const place = { project: 'shop', environment: 'prod' };
const projectId = '0d3f9f5e-4c55-4c1d-9a3e-2f6f8f0f7a11';
const noon = Date.UTC(2026, 10, 25, 12);
const named = {
  projectId,
  projectName: 'Shop',
  environment: 'prod',
  environmentName: 'Production',
  secretPath: '/api',
};

describe('a webhook of Infisical', () => {
  let infisical: InfisicalEmulator;
  let receiver: LoopbackServer;
  let status: number;
  const start = async (options: { webhookTimeoutMs?: number } = {}): Promise<void> => {
    infisical = await InfisicalEmulator.start({ now: () => noon, ...options });
    infisical.addProject({
      slug: 'shop',
      id: projectId,
      name: 'Shop',
      environments: [{ slug: 'prod', name: 'Production' }, 'dev'],
    });
  };
  beforeEach(async () => {
    status = 200;
    receiver = await LoopbackServer.start(() => ({ status }));
    await start();
  });
  afterEach(() => Promise.all([infisical.close(), receiver.close()]));

  const add = (webhook: Partial<NewWebhook> = {}): Webhook =>
    infisical.webhooks.add({ ...place, url: `${receiver.origin}/hook`, ...webhook });
  const received = (): unknown[] => receiver.requests.map(({ body }) => JSON.parse(body) as unknown);
  const change = async (path: string, environment = 'prod'): Promise<void> => {
    infisical.setSecret({ project: 'shop', environment, path }, 'KEY', 'canary-value-Qa82');
    await infisical.webhooks.deliver();
  };

  it('tells of a change where, by whom and when, in this order, and no value', async () => {
    add({ secretPath: '/api' });

    await change('/api');

    const project = {
      workspaceId: projectId,
      ...named,
      changedBy: 'test.user@example.com',
      changedByActorType: 'user',
    };
    assert.deepEqual(
      receiver.requests.map(({ method, headers, body }) => [method, headers['content-type'], body]),
      [['POST', 'application/json', JSON.stringify({ event: 'secrets.modified', project, timestamp: noon })]],
    );
  });

  it('is signed over what is sent, with its time in front, when it has a key', async () => {
    add({ secretKey: 'key-of-the-hook' });

    await change('/');

    const [request] = receiver.requests;
    const digest = createHmac('sha256', 'key-of-the-hook')
      .update(request?.body ?? '')
      .digest('hex');
    assert.equal(request?.headers['x-infisical-signature'], `t=${noon};${digest}`);
  });

  it('is not signed without a key', async () => {
    add();

    await change('/');

    assert.equal(receiver.requests[0]?.headers['x-infisical-signature'], undefined);
  });

  it('tells of a failed rotation with the message of the error, and without workspaceId', async () => {
    add({ secretPath: '/api' });

    await infisical.webhooks.rotationFailed(
      { ...place, path: '/api' },
      { rotationName: 'db', errorMessage: 'no route' },
    );

    const details = { rotationName: 'db', errorMessage: 'no route', triggeredManually: false };
    assert.deepEqual(received(), [
      { event: 'secrets.rotation-failed', project: { ...named, ...details }, timestamp: noon },
    ]);
  });

  it('is tested by a button, even when it is off and wants other events', async () => {
    const webhook = add({ secretPath: '/api', isDisabled: true, events: ['secrets.rotation-failed'] });

    await infisical.webhooks.test(webhook);

    const project = { workspaceId: projectId, ...named };
    assert.deepEqual(received(), [{ event: 'test', project, timestamp: noon }]);
    assert.equal(webhook.lastStatus, 'success');
  });

  const cases: [name: string, webhook: Partial<NewWebhook>, path: string, count: number][] = [
    ['its own folder', { secretPath: '/api' }, '/api', 1],
    ['no folder below', { secretPath: '/api' }, '/api/v1', 0],
    ['the root alone by default', {}, '/api', 0],
    ['every folder below with a glob', { secretPath: '/api/**' }, '/api/v1/x', 1],
    ['the folder itself with that glob', { secretPath: '/api/**' }, '/api', 1],
    ['one of several', { secretPath: '/{api,web}' }, '/web', 1],
    ['no other environment', { environment: 'dev' }, '/', 0],
    ['nothing while it is off', { isDisabled: true }, '/', 0],
    ['only the events that it wants', { events: ['secrets.rotation-failed'] }, '/', 0],
    ['the events that it wants', { events: ['secrets.modified'] }, '/', 1],
  ];
  for (const [name, webhook, path, count] of cases) {
    it(`tells of ${name}`, async () => {
      add(webhook);

      await change(path);

      assert.equal(receiver.requests.length, count);
    });
  }

  it('tells of a secret that is gone', async () => {
    add();
    infisical.deleteSecret(place, 'KEY');
    await infisical.webhooks.deliver();

    assert.equal(receiver.requests.length, 1);
  });

  it('does not tell of a value that a person has alone', async () => {
    add();
    infisical.setSecret(place, 'KEY', 'x', { personalOf: 'Ada' });

    await infisical.webhooks.deliver();

    assert.equal(receiver.requests.length, 0);
  });

  it('tells once of changes to one folder that wait together', async () => {
    add({ secretPath: '/**' });
    for (let index = 0; index < 20; index += 1) infisical.setSecret(place, `KEY_${index}`, 'x');
    infisical.setSecret({ ...place, path: '/api' }, 'KEY', 'x');

    await infisical.webhooks.deliver();

    assert.equal(receiver.requests.length, 2);
  });

  it('shows the status of a refusal and nothing of its text, and is not sent again', async () => {
    status = 401;
    const webhook = add();

    await change('/');
    await infisical.webhooks.deliver();

    assert.equal(receiver.requests.length, 1);
    assert.deepEqual(
      [webhook.lastStatus, webhook.lastRunErrorMessage],
      ['failed', 'Request failed with status code 401'],
    );
  });

  it('fails when nobody answers in time', async () => {
    await infisical.close();
    await start({ webhookTimeoutMs: 100 });
    receiver.faults.add({ match: {}, fault: { kind: 'hang' } });
    const webhook = add();

    await change('/');

    assert.deepEqual(
      [webhook.lastStatus, webhook.lastRunErrorMessage],
      ['failed', 'timeout of 100ms exceeded'],
    );
  });

  it('forgets an old failure after a success', async () => {
    status = 500;
    const webhook = add();
    await change('/');
    status = 204;

    await change('/');

    assert.deepEqual([webhook.lastStatus, webhook.lastRunErrorMessage], ['success', null]);
  });
});
