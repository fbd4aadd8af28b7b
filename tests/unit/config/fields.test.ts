import assert from 'node:assert/strict';
import type * as z from 'zod/mini';
import * as fields from '#task/config/fields.js';

/** What a field makes of a text; undefined where it refuses it. */
const of = (field: z.ZodMiniType<unknown, string>, text: string): unknown => field.safeParse(text).data;

const id = 'ea6e9a42-a852-4889-9d38-1f72e9760005';
const tables: [
  title: string,
  field: z.ZodMiniType<unknown, string>,
  rows: [text: string, value: unknown][],
][] = [
  [
    'a flag',
    fields.flag(true),
    [
      ['', true],
      ['True', true],
      ['FALSE', false],
      ['untrue', undefined],
      ['truely', undefined],
      ['xfalse', undefined],
      ['falsehood', undefined],
      ['yes', undefined],
    ],
  ],
  [
    'a connection type',
    fields.azureDevOpsConnectionType,
    [
      ['', 'currentPipeline'],
      ['currentPipeline', 'currentPipeline'],
      ['entra', 'entra'],
      ['personalAccessToken', 'personalAccessToken'],
      ['Entra', undefined],
    ],
  ],
  [
    'a project',
    fields.project,
    [
      ['', undefined],
      [id, { kind: 'id', text: id }],
      [id.toUpperCase(), { kind: 'id', text: id.toUpperCase() }],
      ['0123456789abcdef01234567', { kind: 'id', text: '0123456789abcdef01234567' }],
      [`X${id}`, undefined],
      [`${id}.`, undefined],
      ['shop', { kind: 'slug', text: 'shop' }],
      ['a-bc_de-1', { kind: 'slug', text: 'a-bc_de-1' }],
      ['a'.repeat(255), { kind: 'slug', text: 'a'.repeat(255) }],
      ['a'.repeat(256), undefined],
      ['Shop', undefined],
      ['shop ', undefined],
      ['a b', undefined],
      ['a.b', undefined],
      ['a-', undefined],
      ['a--b', undefined],
      ['-a', undefined],
    ],
  ],
  [
    'an environment',
    fields.environment,
    [
      ['', undefined],
      ['prod', 'prod'],
      ['e'.repeat(64), 'e'.repeat(64)],
      ['e'.repeat(65), undefined],
      ['a b', undefined],
      ['a/b', undefined],
    ],
  ],
  [
    'a path',
    fields.secretPath,
    [
      ['', '/'],
      ['/', '/'],
      ['/api', '/api'],
      ['/api/', '/api'],
      ['api', undefined],
      ['//', undefined],
      ['/a//b', undefined],
    ],
  ],
  [
    'the name of a sync',
    fields.syncName,
    [
      ['', ''],
      ['web', 'web'],
      ['Web-EU-1', 'web-eu-1'],
      ['a'.repeat(256), 'a'.repeat(256)],
      ['a'.repeat(257), undefined],
      ['web-', undefined],
      ['a_b', undefined],
    ],
  ],
  [
    'the ID of a pipeline',
    fields.pipelineId,
    [
      ['', undefined],
      ['1', 1],
      ['42', 42],
      [String(2 ** 31 - 1), 2 ** 31 - 1],
      [String(2 ** 31), undefined],
      ['0', undefined],
      ['-1', undefined],
      ['+1', undefined],
      ['1e3', undefined],
      ['0x10', undefined],
      ['1.0', undefined],
    ],
  ],
  [
    'a limit of deletions',
    fields.maxDeletions,
    [
      ['', undefined],
      ['0', 0],
      ['7', 7],
      ['20', 20],
      ['-1', -1],
      ['-2', undefined],
      ['+1', undefined],
      ['1e1', undefined],
      ['0x10', undefined],
      ['1.0', undefined],
      ['9'.repeat(20), undefined],
    ],
  ],
];

for (const [title, field, rows] of tables)
  describe(title, () => {
    for (const [text, value] of rows)
      it(`${value === undefined ? 'is not' : 'may be'} ${JSON.stringify(text.slice(0, 40))} (${String(text.length)})`, () => {
        assert.deepEqual(of(field, text), value);
      });
  });

describe('a description', () => {
  it('may have 256 characters', () => {
    assert.equal(of(fields.syncDescription, 'd'.repeat(256)), 'd'.repeat(256));
    assert.equal(of(fields.syncDescription, 'd'.repeat(257)), undefined);
  });
});

describe('an empty field that has to be filled in', () => {
  for (const [title, field] of [
    ['project', fields.project],
    ['environment', fields.environment],
  ] as const) {
    it(`is told so: ${title}`, () => {
      assert.match(field.safeParse('').error?.issues[0]?.message ?? '', /^is empty\./);
    });
  }
});
