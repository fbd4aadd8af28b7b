import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aStep, type HeldStep } from './bench.js';

const errors = (step: HeldStep): string[] =>
  step.record.issues.filter(({ type }) => type === 'error').map(({ message }) => message);
const isNull = (what: string): string => `Value cannot be null. (Parameter '${what}')`;

describe('files of a step', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'uploads-'));
    writeFileSync(join(folder, 'a.md'), 'text');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const uploads: [line: string, type: string, name: string][] = [
    ['task.uploadsummary', 'DistributedTask.Core.Summary', 'a.md'],
    ['task.uploadfile', 'DistributedTask.Core.FileAttachment', 'a.md'],
    ['task.addattachment type=my.type;name=mine', 'my.type', 'mine'],
    ['build.uploadsummary', 'DistributedTask.Core.Summary', 'CustomMarkDownSummary-a.md'],
    ['build.uploadlog', 'DistributedTask.Core.Log', 'CustomToolLog'],
  ];
  for (const [line, type, name] of uploads) {
    it(`go up by ${line}`, () => {
      const step = aStep();

      step.say(`##vso[${line}]${join(folder, 'a.md')}`);

      const [file] = [...step.record.summaries, ...step.record.attachments];
      assert.deepEqual([file?.type, file?.name, file?.content], [type, name, 'text']);
    });

    it(`have to be there when ${line} comes`, () => {
      const step = aStep();

      step.say(`##vso[${line}]${join(folder, 'nope.md')}`, `##vso[${line}]${folder}`, `##vso[${line}]`);

      assert.equal(errors(step).length, 6);
    });
  }

  it('need a type and a name that a file can have', () => {
    const step = aStep();

    for (const properties of ['name=a', 'type=a', 'type=a/b;name=a', 'type=a;name=a/b'])
      step.say(`##vso[task.addattachment ${properties}]${join(folder, 'a.md')}`);

    assert.deepEqual(
      errors(step).filter((_, index) => index % 2 === 1),
      [
        isNull("Can't add task attachment, attachment type is not provided."),
        isNull("Can't add task attachment, attachment name is not provided."),
        'Type contains invalid characters.',
        'Name contains invalid characters.',
      ],
    );
  });

  it('become an artifact of a build, with everything below a folder', () => {
    const step = aStep({ variables: { 'build.buildId': '1' } });
    mkdirSync(join(folder, 'below'));
    writeFileSync(join(folder, 'below/b.md'), 'more');

    step.say(`##vso[artifact.upload artifactname=drop]${folder}`, '##vso[artifact.upload]x');

    assert.deepEqual(step.record.artifacts[0]?.files.map(({ name }) => name).sort(), ['a.md', 'b.md']);
    assert.equal(errors(step)[1], 'Artifact Name is required.');
  });
});

describe('what goes to the build', () => {
  it('is recorded: its number, which steps see at once, its tags and its artifacts', () => {
    const step = aStep({
      variables: { 'build.buildId': '1', 'build.buildNumber': { value: '7', isReadOnly: true } },
    });

    step.say(
      '##vso[build.updatebuildnumber]8',
      '##vso[build.addbuildtag] nightly ',
      '##vso[artifact.associate artifactname=drop;artifacttype=filepath]\\\\server\\share',
      '##vso[telemetry.publish area=a;feature=b]{}',
    );

    assert.deepEqual(
      [
        step.job.variables.get('build.buildNumber')?.value,
        step.record.metadata,
        step.record.artifacts[0]?.name,
        step.record.telemetry,
      ],
      ['8', ['8', 'nightly'], 'drop', ['{}']],
    );
  });

  it('has nowhere to go without a build, and must not be empty', () => {
    const release = aStep({ hostType: 'release' });
    const build = aStep({ variables: { 'build.buildId': '1' } });

    release.say('##vso[build.addbuildtag]x');
    build.say('##vso[build.addbuildtag] ', '##vso[build.updatebuildnumber]');

    assert.equal(errors(release)[1], isNull('buildId'));
    assert.deepEqual(
      [errors(build)[1], errors(build)[3]],
      ['Build tag is required.', 'Build number is required.'],
    );
  });
});
