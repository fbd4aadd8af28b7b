import assert from 'node:assert/strict';
import { judged, type Verdict } from '#task/domain/reference-values.js';
import { SecretValue } from '#task/domain/secret-value.js';
import { StoredPlaces } from '#task/domain/stored-places.js';

const root = { environment: 'dev', path: '/' };

function verdictOn(
  stored: string,
  resolved: string | undefined,
  secrets: Record<string, string> = {},
): Verdict {
  const places = new StoredPlaces();
  const values = Object.entries(secrets).map(([key, value]) => [key, new SecretValue(value)] as const);
  places.add(root, { secrets: new Map(values), imports: [] });
  for (const path of ['/nope', '/api'])
    places.add({ environment: 'prod', path }, path === '/api' ? 'unreadable' : 'missing');
  const answer = resolved === undefined ? undefined : new SecretValue(resolved);
  return judged({ key: 'X', place: root, stored: new SecretValue(stored), resolved: answer }, places);
}

const shown = (verdict: Verdict): unknown => {
  if (verdict.kind === 'value') return verdict.value.reveal();
  return verdict.kind === 'asks'
    ? verdict.places
    : verdict.faults.map(({ literal, why }) => `${literal} ${why}`);
};

describe('judged', () => {
  const values: [title: string, stored: string, resolved: string, value: string][] = [
    ['a reference', '<${A}>', '<a>', '<a>'],
    ['one to an empty secret', '<${E}>', '<>', '<>'],
    ['one to an empty secret that the server left', '<${E}>', '<${E}>', '<>'],
    ['several lines that came in one', '${A}\nb', '"a\\nb"', 'a\nb'],
    ['one formed by another', '${${N}}', 'a', 'a'],
    ['one to another project', '<${@p.dev.K}>', '<k>', '<k>'],
    ['the same one twice', '${@p.dev.K}-${@p.dev.K}', 'k-k', 'k-k'],
    ['a name with a blank, on a server that knows none', '${A} ${A B}', 'a ${A B}', 'a ${A B}'],
    ['a name with a blank', '${A} ${A B}', 'a ab', 'a ab'],
    ['signs of replacing', '${D}', 'a$$b$&', 'a$$b$&'],
  ];
  for (const [title, stored, resolved, value] of values) {
    it(`gives the value of ${title}`, () => {
      const secrets = { A: 'a', E: '', N: 'A', 'A B': 'ab', D: 'a$$b$&' };

      assert.equal(shown(verdictOn(stored, resolved, secrets)), value);
    });
  }

  const faults: [title: string, stored: string, resolved: string | undefined, fault: string][] = [
    ['a hole', 'x${NOPE}', 'x', '${NOPE} missing'],
    ['a hole beside a value', '${A}${NOPE}', 'a', '${NOPE} missing'],
    ['a missing reference that stayed', 'x${NOPE}', 'x${NOPE}', '${NOPE} missing'],
    ['a path that is not there', '${prod.nope.K}', '', '${prod.nope.K} missing'],
    ['a folder that may not be read', '${prod.api.K}', undefined, '${prod.api.K} unreadable'],
    ['a circle', '${X}', '${X}', '${X} circular'],
    ['a reference that was not resolved', '${A}', '${A}', '${A} left'],
    ['another value than the stored one', '${A}', 'b', '${A} differs'],
    ['a damaged value', '${D}', 'a$b', '${D} differs'],
    ['no answer at all', '${A}', undefined, '${A} unreadable'],
    ['another project that gave nothing', '<${@p.dev.K}>', '<>', '${@p.dev.K} across'],
    ['another project that was not resolved', '<${@p.dev.K}>', '<${@p.dev.K}>', '${@p.dev.K} across'],
    ['two other projects', '${@p.dev.K}${@q.dev.K}', 'ab', '${@p.dev.K} across,${@q.dev.K} across'],
  ];
  for (const [title, stored, resolved, fault] of faults) {
    it(`refuses ${title}`, () => {
      const verdict = verdictOn(stored, resolved, { A: 'a', D: 'a$$b', X: '${X}' });

      assert.equal(String(shown(verdict)), fault);
    });
  }

  it('looks for a name with its folder only there, also where an imported secret names the folder it came from', () => {
    const shared = { environment: 'prod', path: '/shared' };
    const places = new StoredPlaces();
    places.add(root, { secrets: new Map([['K', new SecretValue('')]]), imports: [shared] });
    places.add(shared, { secrets: new Map(), imports: [] });
    const row = { key: 'X', place: shared, listed: root, resolved: new SecretValue('') };

    const named = judged({ ...row, stored: new SecretValue('${prod.shared.K}') }, places);
    const alone = judged({ ...row, stored: new SecretValue('${K}') }, places);

    assert.deepEqual(shown(named), ['${prod.shared.K} missing']);
    assert.equal(shown(alone), '');
  });

  it('asks for the folder that decides', () => {
    assert.deepEqual(shown(verdictOn('${prod.db.K}', 'k')), [
      { environment: 'prod', path: '/db' },
      { environment: 'prod', path: '/db' },
      { environment: 'prod', path: '/db' },
    ]);
  });

  it('comes to an end where references multiply, and where they go deep', () => {
    const laughs = (depth: number, times: number): Record<string, string> =>
      Object.fromEntries(
        Array.from({ length: depth }, (_, index) => [
          `L${String(index)}`,
          `\${L${String(index + 1)}}`.repeat(times),
        ]),
      );

    assert.match(String(shown(verdictOn('${L0}', 'x', { ...laughs(12, 9), L12: 'ha' }))), /too deep/);
    assert.match(String(shown(verdictOn('${L0}', 'x', { ...laughs(5_000, 1), L5000: 'ha' }))), /too deep/);
  });
});
