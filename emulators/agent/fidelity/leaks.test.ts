import assert from 'node:assert/strict';
import type { MiniAgentOptions } from '../mini-agent.js';
import { runTask } from './bench.js';

const canary = 'canary-Jd83-Qp20-first line\ncanary-Jd83-Qp20-second line';
const line = JSON.stringify(canary.split('\n')[0]);
const run = (script: string, options: Partial<MiniAgentOptions> = {}) =>
  runTask(script, { canaries: ['another canary', canary], ...options });

const file = (content: string, use: string): string =>
  `const f = env.AGENT_TEMPDIRECTORY + '/f.txt'; fs.writeFileSync(f, ${content}); say('${use}' + f)`;

describe('a canary', () => {
  const leaks: [where: string, script: string, place: RegExp][] = [
    ['on stdout', `say(${JSON.stringify(canary)})`, /log/],
    ['on stderr, by one of its lines', `process.stderr.write(${line})`, /log/],
    ['as base64', `say(Buffer.from(${JSON.stringify(canary)}).toString('base64'))`, /log/],
    ['as JSON', `say(JSON.stringify(${JSON.stringify(canary)}))`, /log/],
    ['as part of a URL', `say(encodeURIComponent(${JSON.stringify(canary)}))`, /log/],
    ['in an issue', `say('##vso[task.logissue type=error]' + ${line})`, /log|issue/],
    [
      'in the data of an issue',
      `say('##vso[task.logissue type=error;code=' + ${line} + ']x')`,
      /data of an issue/,
    ],
    ['in the progress text', `say('##vso[task.setprogress value=1]' + ${line})`, /progress/],
    ['in the completion text', `say('##vso[task.complete result=Failed]' + ${line})`, /completion/],
    [
      'in an output variable',
      `say('##vso[task.setvariable variable=result]' + ${line})`,
      /output variable result/,
    ],
    [
      'in the name of an output variable',
      `say('##vso[task.setvariable isOutput=true;variable=' + ${line} + ']x')`,
      /name of a variable/,
    ],
    ['in a task variable', `say('##vso[task.settaskvariable variable=a]' + ${line})`, /task variable a/],
    ['in a build tag', `say('##vso[build.addbuildtag]' + ${line})`, /build number, tag/],
    ['in telemetry', `say('##vso[telemetry.publish area=a;feature=b]' + ${line})`, /telemetry/],
    ['in a summary', file(line, '##vso[task.uploadsummary]'), /file f\.txt/],
    ['in an attachment', file(line, '##vso[task.addattachment type=t;name=n]'), /file n/],
    ['in an uploaded file', file(line, '##vso[task.uploadfile]'), /file f\.txt/],
    ['in an artifact', file(line, '##vso[artifact.upload artifactname=a]'), /file f\.txt/],
    [
      'in a file that an output variable names',
      file(line, '##vso[task.setvariable variable=result]'),
      /reported file/,
    ],
    [
      'although it was masked, where nothing is masked',
      `say('##vso[task.setsecret]' + ${line}); say('##vso[task.setprogress value=1]' + ${line})`,
      /progress/,
    ],
    [
      'by the agent, which shows a command that failed',
      `say('##vso[task.setvariable variable=agent.name;issecret=true]' + ${line})`,
      /log|issue/,
    ],
  ];
  for (const [where, script, place] of leaks) {
    it(`fails a step ${where}, and is not shown again`, async () => {
      await assert.rejects(run(script), (error: Error) => {
        assert.equal(error.name, 'AssertionError');
        assert.match(error.message, /^canary 2 of 2 \(56 characters\) shows in /);
        assert.match(error.message, place);
        assert.doesNotMatch(error.message, /Jd83/);
        return true;
      });
    });
  }

  it('does not fail a step when it was masked before it was printed', async () => {
    const step = await run(`say('##vso[task.setsecret]' + ${line}); say('x ' + ${line})`);

    assert.match(step.log, /^x \*\*\*$/m);
  });

  it('does not fail a step that sets it as a secret variable', async () => {
    const step = await run(`say('##vso[task.setvariable variable=a;issecret=true]' + ${line})`);

    assert.deepEqual(
      [step.result, step.masks],
      ['Succeeded', [canary.split('\n')[0], canary.split('\n')[0]]],
    );
  });
});

describe('a file that is to be uploaded', () => {
  it('fails a step that deletes it: uploads wait in a queue', async () => {
    await assert.rejects(
      run(`${file(`'x'`, '##vso[task.uploadsummary]')}; setTimeout(() => fs.rmSync(f), 500)`),
      {
        name: 'AssertionError',
        message: 'file f.txt was deleted before the agent could upload it',
      },
    );
  });
});
