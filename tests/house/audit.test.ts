import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { join } from 'node:path';
import { verdictOf } from '../../scripts/audit/registry.js';

const advisory = {
  id: 1,
  url: 'https://example.invalid/advisory',
  title: 'Everything breaks',
  severity: 'high',
  vulnerable_versions: '*',
};

interface Answer {
  status: number;
  body: unknown;
}

describe('npm run audit', () => {
  const asked: Record<string, unknown>[] = [];
  let answerTo: (packages: Record<string, unknown>) => Answer;
  let registry: Server;

  before(async () => {
    registry = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const isBulk = request.url === '/-/npm/v1/security/advisories/bulk';
        const body = Buffer.concat(chunks);
        const text = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
        const packages = isBulk ? (JSON.parse(text.toString('utf8')) as Record<string, unknown>) : {};
        if (isBulk) asked.push(packages);
        const answer = isBulk ? answerTo(packages) : { status: 404, body: {} };
        response.writeHead(answer.status, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify(answer.body));
      });
    });
    await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  });

  after(() => registry.close());

  beforeEach(() => asked.splice(0));

  const audited = async (environment: NodeJS.ProcessEnv = {}): Promise<{ code: number; output: string }> => {
    const { port } = registry.address() as AddressInfo;
    const script = join(process.cwd(), 'build/scripts/audit.js');
    const env = { ...process.env, npm_config_registry: `http://127.0.0.1:${String(port)}/`, ...environment };
    return promisify(execFile)(process.execPath, [script], { env }).then(
      ({ stdout }) => ({ code: 0, output: stdout }),
      (error: unknown) => {
        const { code, stdout } = error as { code: number; stdout: string };
        return { code, output: stdout };
      },
    );
  };

  it('is content when the registry knows nothing of the packages that it was asked about', async () => {
    answerTo = () => ({ status: 200, body: {} });

    const { code, output } = await audited();

    assert.equal(code, 0);
    assert.match(output, /that ship: none/);
    assert.equal(asked.length, 1);
    assert.ok('zod' in (asked[0] ?? {}) && 'mocha' in (asked[0] ?? {}));
  });

  it('fails over a vulnerability in what ships and names it, although npm is set to be offline', async () => {
    answerTo = () => ({ status: 200, body: { zod: [advisory] } });

    const { code, output } = await audited({ npm_config_offline: 'true', npm_config_audit: 'false' });

    assert.equal(code, 1);
    assert.match(output, /that ship:\nzod .*high.*Everything breaks https:\/\/example\.invalid\/advisory/);
  });

  for (const [what, name] of [
    ['a tool', 'mocha'],
    ['a package of which only types are used', 'azure-devops-node-api'],
    ['a package that task-lib depends on and that is left out of the script', 'shelljs'],
  ] as const) {
    it(`tells of one in ${what}, and does not fail`, async () => {
      answerTo = () => ({ status: 200, body: { [name]: [advisory] } });

      const { code, output } = await audited();

      assert.equal(code, 0);
      assert.match(
        output,
        new RegExp(`that ship: none[^]*build and test:\\n[^]*${name} .*Everything breaks`),
      );
    });
  }

  it('says "not checked", not "none", when the registry answers no such questions', async () => {
    answerTo = () => ({ status: 405, body: {} });

    const { code, output } = await audited();

    assert.equal(code, 2);
    assert.match(output, /NOT CHECKED/);
    assert.doesNotMatch(output, /none/);
  });

  for (const [title, output] of [
    ['nothing', ''],
    ['no object', 'null'],
    ['a report of another version', '{"auditReportVersion":3,"vulnerabilities":{}}'],
    [
      'a report over no package',
      '{"auditReportVersion":2,"vulnerabilities":{},"metadata":{"dependencies":{"total":0}}}',
    ],
  ] as const) {
    it(`takes ${title} for no audit`, () => {
      assert.equal(verdictOf(output, new Set()).kind, 'not checked');
    });
  }
});
