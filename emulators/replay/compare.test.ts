import assert from 'node:assert/strict';
import { differences, type Comparison } from './compare.js';
import type { Exchange } from './recordings.js';
import { Tally } from './tally.js';

const recorded: Exchange = {
  name: 'a recording',
  method: 'GET',
  target: '/',
  requestHeaders: {},
  requestBody: null,
  status: 200,
  responseHeaders: { 'Content-Type': 'application/json' },
  responseBody: { count: 1, value: [{ id: 1, name: 'a' }] },
  raw: {},
};

describe('a replay', () => {
  const found = (
    answer: { status?: number; type?: string; body?: unknown; text?: string },
    comparison: Partial<Comparison> = {},
  ): string[] =>
    differences(
      recorded,
      {
        status: answer.status ?? 200,
        headers: { 'content-type': answer.type ?? 'application/json' },
        body: 'body' in answer ? answer.body : recorded.responseBody,
        text: answer.text ?? '…',
      },
      { headers: ['content-type', 'retry-after'], ...comparison },
    );

  it('finds nothing between equal answers', () => {
    assert.deepEqual(found({}), []);
  });

  const cases: [title: string, answer: Parameters<typeof found>[0], difference: string][] = [
    ['a status', { status: 404 }, 'status: recorded 200, answered 404'],
    [
      'a header',
      { type: 'text/html' },
      'header content-type: recorded "application/json", answered "text/html"',
    ],
    ['a value', { body: { count: 1, value: [{ id: 2, name: 'a' }] } }, 'value[0].id: recorded 1, answered 2'],
    ['a missing property', { body: { count: 1, value: [{ id: 1 }] } }, 'value[0].name: only recorded'],
    ['one too many', { body: { ...(recorded.responseBody as object), x: 1 } }, 'x: only answered'],
    ['a length', { body: { count: 1, value: [] } }, 'value: recorded 1 items, answered 0'],
    [
      'another kind of body',
      { body: 'text' },
      'body: recorded {"count":1,"value":[{"id":1,"name":"a"}]}, answered "text"',
    ],
  ];
  for (const [title, answer, difference] of cases) {
    it(`finds ${title}`, () => {
      assert.deepEqual(found(answer), [difference]);
    });
  }

  it('finds another order of properties where it matters', () => {
    const body = { value: [{ id: 1, name: 'a' }], count: 1 };

    assert.deepEqual(found({ body }), []);
    assert.deepEqual(found({ body }, { keyOrder: true }), ['body: properties in another order']);
  });

  it('passes over the places it is told to, wherever in a list they are', () => {
    assert.deepEqual(
      found({ body: { count: 1, value: [{ id: 9 }] } }, { except: ['value[].id', 'value[].name'] }),
      [],
    );
  });

  it('prints its figures, what is left out, and what is compared in part', () => {
    const lines: string[] = [];
    const tally = new Tally('a set', { 'x #2': 'because' }, (line) => lines.push(line.trim()));
    for (const name of ['x #1', 'x #2']) if (!tally.leavesOut(name)) tally.note(name, [], 'cut');
    assert.throws(() => {
      tally.note('y', ['status']);
    }, /y is answered differently/);

    tally.close();

    assert.deepEqual(lines, [
      'a set: 2 replayed, 1 equal, 1 left out',
      'in part: 1 (x #1): cut',
      'left out: x #2: because',
    ]);
  });

  it('fails for a reason that leaves nothing out', () => {
    const tally = new Tally('a set', { 'never recorded': 'because' }, () => undefined);

    assert.throws(() => {
      tally.close();
    }, /left out, but not recorded/);
  });
});
