import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { LineReader } from '../line-reader.js';
import { runTask } from './bench.js';

/** The lines of a stream that arrives in these pieces. */
async function linesOf(chunks: readonly (string | Buffer)[]): Promise<string[]> {
  const lines: string[] = [];
  const reader = new LineReader((line) => lines.push(line));
  const stream = new PassThrough();
  const read = reader.read('stdout', stream);
  for (const chunk of chunks) {
    stream.write(chunk);
    await new Promise(setImmediate);
  }
  stream.end();
  await read;
  reader.end();
  return lines;
}

describe('the lines of a stream', () => {
  const euro = Buffer.from('€');
  const cases: [title: string, chunks: (string | Buffer)[], lines: string[]][] = [
    ['end with LF, CR LF or a lone CR', ['a\nb\r\nc\rd\n'], ['a', 'b', 'c', 'd']],
    ['may be empty', ['a\n\n\r\nb'], ['a', '', '', 'b']],
    ['are whole wherever they were cut', ['##vso[task.', 'debug]x\ny', 'z\n'], ['##vso[task.debug]x', 'yz']],
    ['do not end twice where CR and LF were parted', ['a\r', '\nb'], ['a', 'b']],
    ['end with a CR at the end of a piece', ['a\r', 'b'], ['a', 'b']],
    ['end with the stream', ['a\nb', '\r'], ['a', 'b']],
    [
      'keep a character that was cut',
      [Buffer.concat([Buffer.from('a'), euro.subarray(0, 1)]), euro.subarray(1)],
      ['a€'],
    ],
    ['are none in a stream without text', [], []],
  ];
  for (const [title, chunks, lines] of cases) {
    it(title, async () => {
      assert.deepEqual(await linesOf(chunks), lines);
    });
  }

  it('of stderr come first when both have arrived together', async () => {
    const lines: string[] = [];
    const reader = new LineReader((line) => lines.push(line));
    const streams = { stdout: new PassThrough(), stderr: new PassThrough() };
    const reads = [reader.read('stdout', streams.stdout), reader.read('stderr', streams.stderr)];

    streams.stdout.end('out\n');
    streams.stderr.end('err\n');
    await Promise.all(reads);
    reader.end();

    assert.deepEqual(lines, ['err', 'out']);
  });
});

describe('a process', () => {
  it('is searched for commands on stderr, too', async () => {
    const step = await runTask(`process.stderr.write('##vso[task.setvariable variable=result]x\\nplain\\n')`);

    assert.deepEqual(step.outputs, { result: 'x' });
    assert.match(step.log, /^plain$/m);
  });

  it('has its last words heard without a line end', async () => {
    const step = await runTask(
      `process.stdout.write('##vso[task.setvari'); setTimeout(() => process.stdout.write('able variable=result]ä'), 20)`,
    );

    assert.deepEqual(step.outputs, { result: 'ä' });
  });

  it('has nothing to read', async () => {
    assert.match((await runTask(`say('[' + fs.readFileSync(0, 'utf8') + ']')`)).log, /^\[\]$/m);
  });

  it('starts in the folder of the sources, or where the handler says', async () => {
    const there = await runTask(`say(process.cwd())`);
    const elsewhere = await runTask({
      script: `say(process.cwd())`,
      definition: {
        execution: {
          Node20_1: { target: '$(currentDirectory)/index.js', workingDirectory: '$(Agent.TempDirectory)' },
        },
      },
    });

    assert.match(there.raw.at(-1) ?? '', /\/1\/s$/);
    assert.match(elsewhere.raw.at(-1) ?? '', /\/_temp$/);
  });

  it('runs the script that an input or a variable names', async () => {
    const files = { 'other.js': `say('other')` };
    const inputs = [{ name: 'file', type: 'string', defaultValue: 'other' }];
    const execution = { Node20_1: { target: '$(FILE).$(extension)' } };

    const step = await runTask(
      { files, definition: { inputs, execution } },
      { variables: { extension: 'js' } },
    );

    assert.equal(step.raw.at(-1), 'other');
  });

  it('is waited for five seconds at most when a child of it keeps its streams open', async () => {
    const child = `require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => console.log("late"), 400)'], { stdio: ['ignore', 'inherit', 'inherit'] }).unref(); say('said');`;

    const short = await runTask(child, { waits: { afterExitMs: 50 } });
    const long = await runTask(child, { waits: { afterExitMs: 10_000 } });

    assert.deepEqual([short.raw, short.result], [['said'], 'Succeeded']);
    assert.deepEqual(long.raw, ['said', 'late']);
  });

  it('loses nothing to a reader that comes late, as long as it ends by itself', async () => {
    const step = await runTask(`for (let i = 0; i < 5000; i += 1) say('line ' + i)`, {
      faults: { readsAfterMs: 200 },
    });

    assert.equal(step.raw.length, 5_000);
  });

  it('fails the step when it can’t be started', async () => {
    const step = await runTask('', { runtimes: { node20_1: '/nope/node' } });

    assert.equal(step.result, 'Failed');
    assert.match(
      step.log,
      /An error occurred trying to start process '\/nope\/node' .* No such file or directory/,
    );
  });

  it('may find no folder for its files', async () => {
    const step = await runTask(`fs.writeFileSync(env.AGENT_TEMPDIRECTORY + '/x', '')`, {
      faults: { hasNoTempFolder: true },
    });

    assert.equal(step.result, 'Failed');
    assert.match(step.log, /ENOENT/);
  });

  it('may find its working directory read-only', async () => {
    const step = await runTask(`say('mode ' + (fs.statSync('.').mode & 0o222))`, {
      faults: { isWorkingDirectoryReadOnly: true },
    });

    assert.match(step.log, /^mode 0$/m);
  });
});
