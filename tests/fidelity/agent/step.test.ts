import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  MiniAgent,
  type FinishedStep,
  type MiniAgentOptions,
  type StepOptions,
} from '../../support/mini-agent/mini-agent.js';

const canary = 'canary-Jd83-Qp20-first line\ncanary-Jd83-Qp20-second line';

/** Runs a script of a few lines as a task. */
async function run(
  script: string,
  options: Partial<MiniAgentOptions> = {},
  step: Partial<StepOptions> = {},
): Promise<FinishedStep> {
  const folder = mkdtempSync(join(tmpdir(), 'throw-away-task-'));
  const definition = {
    id: '11111111-2222-3333-4444-555555555555',
    name: 'ThrowAway',
    friendlyName: 'Throw away',
    description: 'A task for one test',
    version: { Major: 1, Minor: 0, Patch: 0 },
    inputs: [
      { name: 'text', type: 'string', defaultValue: ' by default ' },
      { name: 'connection', type: 'connectedService:thing' },
    ],
    outputVariables: [{ name: 'result' }],
    execution: { Node20_1: { target: 'index.js' }, Node24: { target: 'index.js' } },
  };
  writeFileSync(join(folder, 'task.json'), JSON.stringify(definition));
  writeFileSync(
    join(folder, 'index.js'),
    `const say = (line) => process.stdout.write(line + '\\n');\nconst env = process.env;\n${script}`,
  );
  const agent = new MiniAgent({
    taskFolder: folder,
    collectionUrl: 'http://127.0.0.1:1/example-org/',
    project: { id: 'p', name: 'P' },
    jobToken: 'job-token-value',
    canaries: [canary],
    ...options,
  });
  try {
    return await agent.runStep({ name: 'step', inputs: {}, ...step });
  } finally {
    agent.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('a step under the mini-agent', () => {
  const firstLine = JSON.stringify(canary.split('\n')[0]);
  const leaks: [string, string][] = [
    ['on stdout', `say(${JSON.stringify(canary)})`],
    ['on stderr, by one of its lines', `process.stderr.write(${firstLine})`],
    ['as base64', `say(Buffer.from(${JSON.stringify(canary)}).toString('base64'))`],
    ['in an issue', `say('##vso[task.logissue type=error]' + ${firstLine})`],
    ['in the progress text', `say('##vso[task.setprogress value=1]' + ${firstLine})`],
    ['in the completion text', `say('##vso[task.complete result=Failed]' + ${firstLine})`],
    ['in an output variable', `say('##vso[task.setvariable variable=result]' + ${firstLine})`],
    [
      'in a summary',
      `const f = env.AGENT_TEMPDIRECTORY + '/s.md'; require('fs').writeFileSync(f, ${firstLine}); say('##vso[task.uploadsummary]' + f)`,
    ],
    [
      'in a file that an output variable names',
      `const f = env.AGENT_TEMPDIRECTORY + '/r.json'; require('fs').writeFileSync(f, ${firstLine}); say('##vso[task.setvariable variable=result]' + f)`,
    ],
    [
      'although it was masked, in what is never masked',
      `say('##vso[task.setsecret]' + ${firstLine}); say('##vso[task.setprogress value=1]' + ${firstLine})`,
    ],
  ];
  for (const [where, script] of leaks) {
    it(`fails when a canary shows ${where}, without showing it again`, async () => {
      await assert.rejects(run(script), (error: Error) => {
        assert.equal(error.name, 'AssertionError');
        assert.match(error.message, /^canary 1 of 1 \(\d+ characters\) shows in /);
        return true;
      });
    });
  }

  it('does not fail when the canary was masked before it was printed', async () => {
    const step = await run(`say('##vso[task.setsecret]' + ${firstLine}); say('x ' + ${firstLine})`);

    assert.match(step.log, /^x \*\*\*$/m);
  });

  it('gives defaults, trims, and leaves an unknown macro as it is', async () => {
    const show = `say('[' + env.INPUT_TEXT + ']')`;

    assert.match((await run(show)).log, /^\[by default\]$/m);
    assert.match((await run(show, {}, { inputs: { TEXT: '  x$(nope)  ' } })).log, /^\[x\$\(nope\)\]$/m);
    assert.match((await run(show, { variables: { a: 'A' } }, { inputs: { text: '$(a)' } })).log, /^\[A\]$/m);
  });

  it('stops for a service connection that is not there', async () => {
    await assert.rejects(run('', {}, { inputs: { connection: 'nope' } }), {
      message: /service connection nope which could not be found/,
    });
  });

  it('hands over connections and the job’s token, secrets with a prefix, and not the developer’s shell', async () => {
    process.env['DEVELOPERS_OWN'] = 'x';
    const endpoints = [
      {
        id: 'aaaa',
        name: 'c',
        type: 'thing',
        url: 'https://h',
        scheme: 'Token',
        parameters: { apitoken: 'tok' },
      },
    ];
    const script = `say([env.ENDPOINT_URL_aaaa, env.ENDPOINT_AUTH_SYSTEMVSSCONNECTION.length > 0, env.SECRET_S.length, env.S, env.DEVELOPERS_OWN, env.TF_BUILD].join('|'))`;

    const step = await run(
      script,
      { endpoints, variables: { S: { value: 'hidden-value', isSecret: true } } },
      { inputs: { connection: 'c' } },
    );

    assert.match(step.log, /^https:\/\/h\/\|true\|12\|\|\|True$/m);
  });

  it('knows what a release does not have', async () => {
    const step = await run(`say(env.SYSTEM_COLLECTIONURI + ' ' + env.SYSTEM_TEAMFOUNDATIONSERVERURI)`, {
      hostType: 'release',
    });

    assert.match(step.log, /^undefined https:\/\/example-org\.vsrm\./m);
  });

  const results: [string, string, string][] = [
    ['nothing said', '', 'Succeeded'],
    ['an exit code', 'process.exitCode = 3', 'Failed'],
    ['a result', `say('##vso[task.complete result=SucceededWithIssues]')`, 'SucceededWithIssues'],
    ['a result that is none', `say('##vso[task.complete result=Cancelled]')`, 'Failed'],
    ['an error alone', `say('##vso[task.logissue type=error]x')`, 'Succeeded'],
    ['a command that nobody knows', `say('##vso[task.foo]x')`, 'Failed'],
    ['an area that nobody knows', `say('##vso[foo.bar]x')`, 'Succeeded'],
    [
      'a read-only variable',
      `say('##vso[task.setvariable variable=system.debug2]x'); say('##vso[task.setvariable variable=Agent.Name]x')`,
      'Failed',
    ],
    ['a secret of several lines', `say('##vso[task.setvariable variable=a;issecret=true]x%0Ay')`, 'Failed'],
    ['a summary that is not there', `say('##vso[task.uploadsummary]/nope')`, 'Failed'],
  ];
  for (const [title, script, result] of results) {
    it(`ends as ${result}: ${title}`, async () => {
      assert.equal((await run(script)).result, result);
    });
  }

  it('takes a secret with LF on Windows, where a line break is CR LF', async () => {
    const script = `say('##vso[task.setvariable variable=a;issecret=true]x%0Ay')`;

    assert.equal((await run(script, { platform: 'windows' })).result, 'Succeeded');
  });

  it('drops commands that a restricted step may not give, and variables that it may not set', async () => {
    const step = await run(
      `say('##vso[task.uploadsummary]/nope'); say('##vso[task.setvariable variable=a]x'); say('##vso[task.setvariable variable=my.b;isOutput=true]x')`,
      {},
      { target: { commands: 'restricted', settableVariables: ['my.*'] } },
    );

    assert.equal(step.result, 'Succeeded');
    assert.deepEqual(step.outputs, { 'my.b': 'x' });
    assert.match(step.log, /not allowed in this step.*\n.*Setting variable 'a' has been disabled/);
  });

  it('asks a step to stop by SIGINT, then SIGTERM, then ends it', async () => {
    const stubborn = `process.on('SIGINT', () => say('int')); process.on('SIGTERM', () => say('term')); setInterval(() => {}, 1000); say('ready')`;

    const step = await run(
      stubborn,
      { cancelTimes: { sigintMs: 150, sigtermMs: 150 } },
      { cancelWhen: new Promise((resolve) => setTimeout(resolve, 400)) },
    );

    assert.deepEqual([step.result, step.signal], ['Canceled', 'SIGKILL']);
    assert.match(step.log, /^ready\nint\nterm$/m);
  });

  it('reads lines wherever chunks are cut, also the last without an end', async () => {
    const step = await run(
      `process.stdout.write('##vso[task.setvari'); setTimeout(() => process.stdout.write('able variable=result]ä'), 20)`,
    );

    assert.deepEqual(step.outputs, { result: 'ä' });
  });
});
