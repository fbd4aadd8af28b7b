import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageBytes } from '../../scripts/package/bytes.js';
import { bundleTask } from '../../scripts/package/bundle.js';
import { renderPlanTable } from '#task/domain/plan-table.js';
import type { FinishedStep } from '../../emulators/agent/mini-agent.js';
import { aWorld, canary, type World } from '../support/world.js';

/** What can be counted of the goals in docs/performance.md. Time is measured by `npm run bench` and never asserted. */

const dist = join(process.cwd(), 'dist');
/** Also while coverage is measured, when the stories run other files. */
const taskFolder = join(dist, 'unpacked/tasks/InfisicalSecretSync');
const script = join(taskFolder, 'index.js');
const infisicalProjectId = '0f6a1d52-8c35-4f0e-9f6b-2a7f0c3d4e5b';

function syncShipped(world: World, infisicalProject: string): Promise<FinishedStep> {
  return world.sync({ infisicalProject }, { agent: { taskFolder } });
}

/** A sync into a group that was synced before, as almost every run is. */
async function steadySync(
  options: { secrets?: number; project?: string; latencyMs?: number; changes?: boolean },
  use: (world: World, step: FinishedStep) => void,
): Promise<void> {
  const { secrets = 2, project = infisicalProjectId, latencyMs = 0 } = options;
  const world = await aWorld({ infisicalProjectId });
  try {
    const place = { project: 'shop', environment: 'prod' };
    for (let index = 2; index < secrets; index += 1) {
      world.infisical.setSecret(place, `KEY_${String(index)}`, `one-line-value-${String(index)}`);
    }
    await syncShipped(world, project);
    if (options.changes === true) world.infisical.setSecret(place, 'DB_PASSWORD', canary.old);
    for (const service of [world.ado, world.infisical]) {
      service.requests.length = 0;
      if (latencyMs > 0)
        service.faults.add({ match: {}, times: 100, fault: { kind: 'delay', ms: latencyMs } });
    }
    const step = await syncShipped(world, project);
    assert.equal(step.result, 'Succeeded');
    use(world, step);
  } finally {
    await world.close();
  }
}

const requestsOf = ({ ado, infisical }: World): { line: string; atMs: number }[] =>
  [...infisical.requests, ...ado.requests]
    .sort((a, b) => a.atMs - b.atMs)
    .map(({ method, path, atMs }) => ({ line: `${method} ${path}`, atMs }));

describe('the package', () => {
  it('holds a script of at most 270 kB and is itself, but for the pictures of its page, at most 200 kB', () => {
    const { script, extension } = packageBytes();

    assert.ok(script > 0 && script <= 270_000);
    assert.ok(extension > script / 3 && extension <= 200_000);
  });

  it('holds code of two packages of others, and of task-lib nothing that runs tools or searches files', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
    try {
      const { metafile } = await bundleTask(join(folder, 'index.js'), folder);
      const inputs = Object.values(metafile.outputs).flatMap((output) => Object.keys(output.inputs));
      const others = inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);

      assert.deepEqual([...new Set(others)].sort(), ['azure-pipelines-task-lib', 'zod']);
      assert.deepEqual(
        inputs.filter((path) => /toolrunner|externaloutput/.test(path) && !path.startsWith('left-out:')),
        [],
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('asks task-lib for what is left of it, and for nothing else', () => {
    const source = readFileSync('tasks/InfisicalSecretSync/src/adapters/agent/host.ts', 'utf8');

    assert.equal(
      /import (.+) from 'azure-pipelines-task-lib\/task';/.exec(source)?.[1],
      '{ getEndpointAuthorization, getInput }',
    );
  });

  it('can start no process: nothing in it loads what could', () => {
    assert.doesNotMatch(readFileSync(script, 'utf8'), /child_process|worker_threads|cluster/);
  });
});

describe('before its first request, the task', () => {
  const hook = `
    const fs = require('node:fs');
    const http = require('node:http');
    const read = fs.readFileSync;
    let keyReads = 0;
    fs.readFileSync = (path, ...rest) => {
      if (String(path).endsWith('.taskkey')) keyReads += 1;
      return read(path, ...rest);
    };
    http.request = () => {
      const modules = process.moduleLoadList.filter((name) => /^NativeModule (?!internal)/.test(name));
      // At once: what the task has written by now may wait for the end of the turn.
      fs.writeSync(1, 'AT FIRST REQUEST ' + JSON.stringify({
        modules: modules.map((name) => name.slice(13)),
        files: Object.keys(require.cache).filter((path) => path !== __filename),
        environment: Object.keys(process.env),
        keyReads,
      }) + '\\n');
      process.reallyExit(0);
    };`;

  interface Found {
    /** Of Node, without its internal ones. */
    modules: string[];
    files: string[];
    environment: string[];
    /** How often task-lib read its key, which it does for each value that it encrypts. */
    keyReads: number;
  }

  async function atFirstRequest(
    agent: { variables?: Record<string, { value: string; isSecret: true }> } = {},
  ): Promise<Found> {
    const folder = mkdtempSync(join(tmpdir(), 'loaded-'));
    const world = await aWorld();
    try {
      const path = join(folder, 'hook.cjs');
      writeFileSync(path, hook);
      const env = { NODE_OPTIONS: `--require ${path}` };
      const { raw } = await world.sync({}, { agent: { taskFolder, ...agent }, step: { env } });
      const line = raw.find((text) => text.startsWith('AT FIRST REQUEST ')) ?? '';
      return JSON.parse(line.slice('AT FIRST REQUEST '.length)) as Found;
    } finally {
      rmSync(folder, { recursive: true });
      await world.close();
    }
  }

  it('has read one file, and of Node no more than 30 modules, none of them a heavy one', async () => {
    const { modules, files } = await atFirstRequest();

    assert.deepEqual(
      files.map((file) => file.replace(/^.*[/\\]/, '')),
      ['index.js'],
    );
    assert.ok(modules.includes('https') && modules.length <= 30, modules.join(' '));
    assert.deepEqual(
      ['child_process', 'dns', 'http2', 'inspector', 'readline', 'worker_threads', 'zlib'].filter((name) =>
        modules.includes(name),
      ),
      [],
    );
  });

  it('has encrypted as much in a job with 300 secret variables as in one with none, and left none of them', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `OTHER_${String(index)}`);
    const secret = { value: 'a-secret-of-the-job', isSecret: true as const };

    const without = await atFirstRequest();
    const withMany = await atFirstRequest({
      variables: Object.fromEntries(names.map((name) => [name, secret])),
    });

    assert.ok(without.keyReads > 0);
    assert.equal(withMany.keyReads, without.keyReads);
    assert.deepEqual(
      withMany.environment.filter((name) => /^(?:SECRET_|ENDPOINT_AUTH_)/.test(name)),
      [],
    );
  });

  it('has said what task-lib read only to whoever debugs', async () => {
    const world = await aWorld();
    try {
      const quiet = await world.sync({}, { agent: { taskFolder } });
      const debugged = await world.sync({}, { agent: { taskFolder, debug: true } });

      assert.equal(quiet.raw.filter((line) => line.startsWith('##vso[task.debug]environment=')).length, 0);
      assert.equal(debugged.raw.filter((line) => line === '##vso[task.debug]environment=prod').length, 1);
    } finally {
      await world.close();
    }
  });
});

describe('the first sync of a group', () => {
  it('lists, creates and reads back, and asks nothing more for what it remembers', async () => {
    const world = await aWorld({ infisicalProjectId });
    try {
      await syncShipped(world, infisicalProjectId);

      assert.deepEqual(
        world.ado.requests.map(({ method, path }) => `${method} ${path.replace(/.*\/variablegroups/, '')}`),
        ['GET ', 'POST ', 'GET /1'],
      );
    } finally {
      await world.close();
    }
  });
});

const latencyMs = 300;

/** The requests of a run, of which each was sent when the one before it was answered; of several such rows, the longest. */
function longestWait(world: World): string[] {
  const rows: { atMs: number; lines: string[] }[] = [];
  for (const { line, atMs } of requestsOf(world)) {
    const before = rows.filter((row) => row.atMs + latencyMs <= atMs).map(({ lines }) => lines);
    rows.push({ atMs, lines: [...longestOf(before), line] });
  }
  return longestOf(rows.map(({ lines }) => lines));
}

function longestOf(rows: readonly string[][]): string[] {
  return rows.reduce((longest, row) => (row.length > longest.length ? row : longest), []);
}

describe('a steady sync of a group', () => {
  const cases = [
    { title: 'a project ID', project: infisicalProjectId, changes: false, requests: 6, roundTrips: 3 },
    { title: 'a project slug', project: 'shop', changes: false, requests: 7, roundTrips: 4 },
    {
      title: 'a project ID and a change',
      project: infisicalProjectId,
      changes: true,
      requests: 8,
      roundTrips: 4,
    },
    { title: 'a project slug and a change', project: 'shop', changes: true, requests: 9, roundTrips: 5 },
  ];
  for (const { title, project, changes, requests, roundTrips } of cases) {
    it(`with ${title} sends ${String(requests)} requests`, () =>
      steadySync({ project, changes }, (world) => {
        const lines = requestsOf(world).map(({ line }) => line);

        assert.equal(lines.length, requests, lines.join('\n'));
        assert.equal(lines.filter((line) => /variablegroups/.test(line)).length, changes ? 4 : 2);
        assert.equal(lines.filter((line) => line.endsWith('/auth/token/revoke')).length, 1);
      }));

    it(`with ${title} waits for ${String(roundTrips)} answers, one after the other`, async () => {
      const found: string[][] = [];
      // A machine that is busy lets more of them seem to wait for another, never fewer.
      for (let attempt = 1; attempt <= 3 && found.at(-1)?.length !== roundTrips; attempt += 1)
        await steadySync({ project, changes, latencyMs }, (world) => {
          found.push(longestWait(world));
        });

      assert.equal(found.at(-1)?.length, roundTrips, found.map((lines) => lines.join('\n')).join('\n\n'));
    });
  }

  it('sends as many for 300 secrets as for 2', () =>
    steadySync({ secrets: 300 }, (world) => {
      assert.equal(requestsOf(world).length, 6);
    }));

  it('has one mask registered for each one-line value, and none twice', async () => {
    const counts: number[] = [];
    for (const secrets of [10, 110]) {
      await steadySync({ secrets }, (_world, { masks }) => {
        assert.equal(new Set(masks).size, masks.length);
        counts.push(masks.length);
      });
    }

    assert.equal((counts[1] ?? 0) - (counts[0] ?? 0), 100);
  });

  it('writes a line for each mask, and beside them as many for 1,000 secrets as for 300', async () => {
    const counts: number[] = [];
    for (const secrets of [300, 1_000])
      await steadySync({ secrets }, (_world, { raw, masks }) => counts.push(raw.length - masks.length));

    assert.equal(counts[0], counts[1]);
  });
});

describe('renderPlanTable', () => {
  it('shows the 200 weightiest rows of a larger plan, and says how many more there are', () => {
    const rows = Array.from({ length: 5_000 }, (_, index) => ({
      name: `KEY_${String(index).padStart(4, '0')}`,
      change: index === 4_999 ? ('delete' as const) : ('keep' as const),
      because: 'why',
    }));

    const lines = renderPlanTable(rows);

    assert.equal(lines.length, 202);
    assert.match(lines.at(-2) ?? '', /- KEY_4999/);
    assert.equal(lines.at(-1), '    … 4800 more in the report file');
  });
});
