import assert from 'node:assert/strict';
import { comparableTime } from '#task/adapters/azure-devops/modified-on.js';
import { command } from '#task/adapters/agent/commands.js';
import type { HttpResponse } from '#task/adapters/http/exchange.js';
import { jsonOf } from '#task/adapters/http/json.js';
import { backoffMs, retryAfterMs } from '#task/adapters/http/retry-timing.js';
import { isUnknownRoute } from '#task/adapters/infisical/api.js';
import { answer } from '../../support/answers.js';
import { parseCommand } from '../../../emulators/agent/command-parser.js';

describe('comparableTime', () => {
  it('orders times whatever the length of their fraction', () => {
    const times = [
      '2025-01-10T12:24:51Z',
      '2025-01-10T12:24:51.5233333Z',
      '2025-01-10T12:24:51.53Z',
      '2025-01-10T12:24:51.5366667Z',
    ];

    const compared = times.map((time) => comparableTime(time) ?? '');

    assert.deepEqual([...compared].sort(), compared);
    assert.equal(new Set(compared).size, 4);
  });

  it('takes equal times for equal', () => {
    assert.equal(
      comparableTime('2025-01-10T12:24:51.5Z'),
      comparableTime('2025-01-10T12:24:51.5000000+00:00'),
    );
  });

  for (const text of ['', 'yesterday', '2025-01-10T12:24:51+02:00', '2025-13-40T99:99:99Z']) {
    it(`does not know ${JSON.stringify(text)}`, () => {
      assert.equal(comparableTime(text), undefined);
    });
  }
});

describe('retry timing', () => {
  it('doubles up to thirty seconds', () => {
    assert.deepEqual(
      [1, 2, 3, 7, 20].map((attempt) => backoffMs(attempt, 1)),
      [500, 1000, 2000, 30_000, 30_000],
    );
    assert.equal(backoffMs(5, 0), 0);
  });

  const now = Date.parse('2026-11-24T12:00:00Z');
  const cases: [string | undefined, number | 'too long' | undefined][] = [
    [undefined, undefined],
    ['', undefined],
    ['soon', undefined],
    ['0', 0],
    ['1.5', 1500],
    ['120', 120_000],
    ['121', 'too long'],
    ['Tue, 24 Nov 2026 12:00:10 GMT', 10_000],
    ['Tue, 24 Nov 2026 11:00:00 GMT', 0],
  ];
  for (const [header, expected] of cases) {
    it(`reads Retry-After: ${header ?? '(none)'}`, () => {
      assert.equal(retryAfterMs(header, now), expected);
    });
  }
});

describe('command', () => {
  it('is read back by the agent’s own grammar to the letter', () => {
    const text = '%3B;]%AZP25%0D\r\n😀 ##vso[task.debug]x';

    const parsed = parseCommand(command('setvariable', { variable: 'a;b]c=d', isOutput: 'true' }, text));

    assert.deepEqual(parsed, {
      area: 'task',
      event: 'setvariable',
      properties: { variable: 'a;b]c=d', isoutput: 'true' },
      data: text,
    });
  });

  it('stays on one line', () => {
    assert.doesNotMatch(command('logissue', { type: 'error' }, 'a\r\nb\nc'), /[\r\n]/);
  });
});

describe('jsonOf', () => {
  it('reads JSON behind a byte order mark', () => {
    assert.deepEqual(jsonOf(answer(503, '\uFEFF{"a":1}')), { value: { a: 1 } });
  });

  for (const [title, response] of [
    ['a page', answer(200, '<html>', { 'content-type': 'text/html' })],
    ['no content type', answer(200, '{}', {})],
    ['half of it', answer(200, '{"a":')],
  ] as const) {
    it(`is not fooled by ${title}`, () => {
      assert.equal(jsonOf(response), undefined);
    });
  }
});

describe('isUnknownRoute', () => {
  const cases: [string, HttpResponse, boolean][] = [
    [
      'Fastify’s own 404',
      answer(404, { message: 'Route GET:/api/v4/secrets not found', error: 'Not Found' }),
      true,
    ],
    [
      'the page of the docker image',
      answer(404, '<html>', { 'content-type': 'text/html', 'x-powered-by': 'Next.js' }),
      true,
    ],
    ['Infisical’s own 404', answer(404, { message: 'Project not found', error: 'NotFound' }), false],
    ['another page', answer(404, '<html>', { 'content-type': 'text/html' }), false],
    ['a success', answer(200, { message: 'Route GET:', error: 'Not Found' }), false],
  ];
  for (const [title, response, expected] of cases) {
    it(`${title}: ${String(expected)}`, () => {
      assert.equal(isUnknownRoute(response), expected);
    });
  }
});
