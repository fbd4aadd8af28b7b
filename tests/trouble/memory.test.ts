import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { FinishedStep } from '../../emulators/agent/mini-agent.js';
import { runs } from '../support/hostile.js';
import { HostileServices } from '../support/hostile-services.js';
import { hostileAgent } from './hostile-agent.js';

/** A quarter of what Node takes on a small agent; the task alone needs 50 MB, with 5,000 secrets 110 MB. */
const heapMb = 256;
/** On a machine that does other things, too; none takes more than 5 s alone. */
const longestMs = 30_000;
const MB = 1024 * 1024;

/** A list or an object of so many bytes, one piece after the other. */
const filled = (start: string, piece: string, end: string, bytes: number): string =>
  `${start}${`${piece},`.repeat(Math.floor(bytes / (piece.length + 1)))}${piece}${end}`;

/** Where a hostile answer stands, as text around it. */
const places = {
  secrets: [/v4\/secrets/, '{"secrets":', '}'],
  imports: [/v4\/secrets/, '{"secrets":[],"imports":', '}'],
  imported: [
    /v4\/secrets/,
    '{"secrets":[],"imports":[{"environment":"e","secretPath":"/i","secrets":',
    '}]}',
  ],
  tags: [/v4\/secrets/, '{"secrets":[{"secretKey":"A","secretValue":"v","tags":', '}],"imports":[]}'],
  value: [/v4\/secrets/, '{"secrets":[{"secretKey":"A","secretValue":', '}],"imports":[]}'],
  login: [/login/, '{"accessToken":', '}'],
  groups: [/variablegroups$/, '{"value":', '}'],
  variables: [
    /variablegroups\/\d+/,
    '{"id":7,"name":"shop-prod","type":"Vsts","modifiedOn":"2026-11-25T12:00:00Z","variables":',
    '}',
  ],
  references: [
    /variablegroups\/\d+/,
    '{"id":7,"name":"shop-prod","type":"Vsts","modifiedOn":"2026-11-25T12:00:00Z","variables":{},"variableGroupProjectReferences":',
    '}',
  ],
  refusal: [/v4\/secrets/, '{"error":', ',"statusCode":400}'],
} as const;
type PlaceName = keyof typeof places;

const list = (piece: string, bytes: number): string => filled('[', piece, ']', bytes);
const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

const cases: [title: string, place: PlaceName, content: string, says: RegExp][] = [
  ['16 MB of empty rows', 'secrets', list('{}', 16 * MB), /has more than 2,000,000 values/],
  ['1 MB of empty rows', 'secrets', list('{}', MB), /\(at "secrets\.0\.secretKey", .*\)\. Check/],
  ['1 MB of rows that are numbers', 'imports', list('1', MB), /\(at "imports\.0", "imports\.1"/],
  ['40 MB of anything', 'refusal', JSON.stringify('x'.repeat(40 * MB)), /is larger than 32 MB/],
  ['100,000 levels', 'variables', nested(100_000), /is nested more than 100 levels deep/],
  ['a value of 4 MB in short lines', 'value', JSON.stringify('abcd\n'.repeat(MB)), /"A" have more than 1048/],
  ['many lines', 'value', JSON.stringify('abcd\n'.repeat(60_000)), /60001 lines; "A" alone .* at most 50000/],
  [
    '30,000 secrets',
    'secrets',
    list('{"secretKey":"A","secretValue":"v"}', 36 * 30_000),
    /returned 30001 secrets, .* at most 25000/,
  ],
  [
    '300,000 groups on a page',
    'groups',
    list('{"id":1,"name":"g"}', 20 * 300_000),
    /list of variable groups in project .* does not end/,
  ],
  [
    '400,000 bad variables',
    'variables',
    `{${Array.from({ length: 400_000 }, (_, index) => `"V${String(index)}":1`).join(',')}}`,
    /\(at "variables\.V0", /,
  ],
];

describe('an answer that is meant to use up the memory', () => {
  let services: HostileServices;
  beforeEach(async () => {
    services = await HostileServices.start();
  });
  afterEach(() => services.close());

  /** Runs the shipped task with little memory. A process that ran out of it would end by a signal, with no message. */
  const run = async (place: PlaceName, content: string): Promise<FinishedStep> => {
    const [path, before, after] = places[place];
    const status = place === 'refusal' ? 400 : 200;
    services.answers = [{ path, status, body: `${before}${content}${after}` }];
    const step = await hostileAgent(services, {
      environment: { NODE_OPTIONS: `--max-old-space-size=${String(heapMb)}` },
    });
    assert.deepEqual([step.exitCode, step.signal, step.completions], [0, null, ['']]);
    assert.ok(step.durationMs < longestMs, `${String(step.durationMs)} ms`);
    assert.doesNotMatch(step.log, /This is a bug in this task/);
    assert.ok(step.masks.length < 100_000);
    return step;
  };

  for (const [title, place, content, says] of cases) {
    it(`is refused with what is too much: ${title}`, async () => {
      const step = await run(place, content);

      assert.equal(step.result, 'Failed');
      assert.match(step.issues[0]?.message ?? '', says);
    });
  }

  const piece = fc.constantFrom(
    ...['{}', '[]', '0', '""', 'null', '{"a":[]}', '"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"', '"\\n\\n\\n\\n"'],
    ...[
      '{"secretKey":"A"}',
      '{"secretKey":"A","secretValue":"a\\nb"}',
      '{"id":1,"name":"g"}',
      '{"slug":"s"}',
    ],
    ...['{"environment":"e","secretPath":"/","secrets":[]}', '{"slug":1}', '[[[[[[]]]]]]'],
  );
  const content = fc
    .record({
      piece,
      bytes: fc.constantFrom(10_000, 500_000, 4 * MB, 20 * MB, 33 * MB),
      form: fc.constantFrom('list', 'object', 'text', 'nested'),
    })
    .map(({ piece: one, bytes, form }) => {
      if (form === 'list') return list(one, bytes);
      if (form === 'object') return filled('{', `"A":${one}`, '}', bytes);
      return form === 'text' ? JSON.stringify(one.repeat(bytes / one.length)) : nested(bytes / 1_000);
    });

  it('ends in a report or in a message, whatever it is made of and wherever it stands', async () => {
    const place = fc.constantFrom(...(Object.keys(places) as PlaceName[]));
    await fc.assert(
      fc.asyncProperty(place, content, async (where, what) => {
        await run(where, what);
      }),
      runs(120),
    );
  });

  it('is not needed for what is usual: 5,000 secrets fit', async () => {
    const rows = Array.from({ length: 5_000 }, (_, index) => ({
      secretKey: `S${String(index)}`,
      secretValue: 'v'.repeat(400),
      secretPath: '/',
      ...Object.fromEntries(Array.from({ length: 20 }, (_unused, field) => [`field${String(field)}`, 'x'])),
    }));

    const step = await run('secrets', JSON.stringify(rows));

    assert.match(step.log, /Plan for .*5000 to create/);
  });
});
