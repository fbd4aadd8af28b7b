import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { relayFolder, signedByInfisical, startRelay, type RelayProcess } from '../support/relay.js';

const env = {
  INFISICAL_WEBHOOK_SECRET: 'canary-infisical-hook-Xk29Qm',
  AZURE_WEBHOOK_SECRET: 'canary-azure-hook-Pw73Lt',
  AZURE_WEBHOOK_URL: 'http://127.0.0.1:1/canary-hook-name-Jd48Rf',
};

describe('the relay behind Node’s own server', () => {
  let relay: RelayProcess;
  beforeEach(async () => {
    relay = await startRelay(env);
  });
  afterEach(async () => {
    await relay.stop();
    assert.doesNotMatch(relay.lines.join('\n'), /canary/);
  });

  const post = async (body: string, time = Date.now()): Promise<number> => {
    const signature = signedByInfisical(env.INFISICAL_WEBHOOK_SECRET, body, time);
    const headers = { 'x-infisical-signature': signature };
    return (await fetch(relay.url, { method: 'POST', headers, body })).status;
  };

  it('answers 401 to whoever just looks whether it is there', async () => {
    const response = await fetch(relay.url, { method: 'POST' });

    assert.deepEqual(
      [response.status, await response.json()],
      [401, { message: 'the signature of Infisical is missing' }],
    );
  });

  it('checks the bytes as they came', async () => {
    assert.equal(await post('{ "canary" : "ü" }'), 403);
  });

  it('answers 413 to a body that is too large, and goes on', async () => {
    assert.equal(await post(JSON.stringify({ canary: 'x'.repeat(70_000) })), 413);
    assert.equal(await post('canary'), 400);
  });

  it('says that Azure DevOps can’t be reached', async () => {
    const timestamp = Date.now();

    assert.equal(await post(JSON.stringify({ event: 'test', timestamp }), timestamp), 504);
  });
});

describe('the relay, sent drop by drop', () => {
  let relay: RelayProcess;
  beforeEach(async () => {
    relay = await startRelay(env);
  });
  afterEach(() => relay.stop());

  /** Sends a beginning, and a letter every now and then. @returns what came back, and after how long it was over */
  const dripped = (start: string): Promise<{ answer: string; ms: number }> =>
    new Promise((resolve) => {
      const startMs = performance.now();
      let answer = '';
      const socket = connect(Number(new URL(relay.url).port), '127.0.0.1', () => socket.write(start));
      const drops = setInterval(() => socket.write('x'), 250);
      socket.on('data', (data) => (answer += String(data)));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearInterval(drops);
        resolve({ answer, ms: performance.now() - startMs });
      });
    });

  it('closes within seconds: headers and a body that never end', async () => {
    const signature = signedByInfisical(env.INFISICAL_WEBHOOK_SECRET, 'canary', Date.now());
    const head = 'POST / HTTP/1.1\r\nHost: relay\r\n';

    const [headers, body] = await Promise.all([
      dripped(`${head}X-Slow: `),
      dripped(`${head}X-Infisical-Signature: ${signature}\r\nContent-Length: 1000\r\n\r\n`),
    ]);

    assert.match(headers.answer, /^(?:HTTP\/1\.1 408 |$)/);
    assert.match(body.answer, /^HTTP\/1\.1 408 .*the body did not arrive in time/s);
    // 5 s, and up to a second until Node looks; the rest is for a machine that does other things.
    assert.ok(headers.ms < 9_000 && body.ms < 9_000, `${String(headers.ms)} ms, ${String(body.ms)} ms`);
  });
});

describe('a relay without its settings', () => {
  it('does not start, and says what is missing', async () => {
    await assert.rejects(startRelay({ ...env, AZURE_WEBHOOK_SECRET: '' }), {
      name: 'Error',
      message:
        /The relay can't start\. Correct these settings: AZURE_WEBHOOK_SECRET needs at least 16 characters\./,
    });
  });
});

describe('the relay as an Azure Function', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'azure-function-'));
    for (const name of ['relay.mjs', 'function.mjs', 'package.json'])
      cpSync(join(relayFolder, name), join(folder, name));
    // Stands in for Azure's package, which is CommonJS too: tells what is registered, and calls it as the host does.
    const stand = join(folder, 'node_modules/@azure/functions');
    mkdirSync(stand, { recursive: true });
    writeFileSync(
      join(stand, 'index.js'),
      `exports.app = { http: async (name, { handler, ...options }) => {
        const logged = [];
        const request = new Request('https://relay/', { method: 'POST', body: 'canary' });
        const { status } = await handler(request, { log: (line) => logged.push(line) });
        console.log(JSON.stringify({ name, options, status, logged }));
      } };`,
    );
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes the POST of anybody, and logs to the invocation', () => {
    const told = execFileSync(process.execPath, ['function.mjs'], { cwd: folder, env, encoding: 'utf8' });

    assert.deepEqual(JSON.parse(told), {
      name: 'infisical',
      options: { methods: ['POST'], authLevel: 'anonymous' },
      status: 401,
      logged: ['relay: 401 the signature of Infisical is missing'],
    });
  });
});
