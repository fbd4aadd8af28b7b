import assert from 'node:assert/strict';
import { ApiVersion } from '#task/adapters/azure-devops/api-version.js';
import { collectionName, isSameCollection } from '#task/adapters/azure-devops/collection.js';
import { creationBody, replacementBody } from '#task/adapters/azure-devops/group/group-body.js';
import { isGroupAsPlanned } from '#task/adapters/azure-devops/group/group-check.js';
import { answeredAtMs, comparableTime, millisecondsOf } from '#task/adapters/azure-devops/modified-on.js';
import type { VariableGroup } from '#task/adapters/azure-devops/schema.js';
import {
  areAsPlanned,
  currentVariables,
  refuseTwins,
  variablesBody,
} from '#task/adapters/azure-devops/variables.js';
import type { DestinationPlan } from '#task/domain/destination-plan.js';
import type { Change } from '#task/domain/plan.js';
import { plainVariable, secretVariable, wanted } from '../../support/builders.js';

const mark = '[infisical-sync: web owns *]';
const create = (name: string, value: string, isSecret = true): Change => ({
  ...{ kind: 'create', name, because: 'new' },
  to: wanted(name, value, isSecret),
});
const keep = (name: string): Change => ({ kind: 'keep', name, because: 'outside the key schema' });
const gone = (name: string): Change => ({ kind: 'delete', name, because: 'removed' });
const planOf = (...changes: Change[]): DestinationPlan => ({
  ...{ changes, description: mark, write: 'update', exists: true, inScope: 0 },
  ...{ clashes: [], open: [], notices: [] },
});
const aRead = (rest: object): VariableGroup =>
  ({
    id: 7,
    name: 'web',
    type: 'Vsts',
    variables: {},
    description: 'old',
    ...rest,
  }) as unknown as VariableGroup;
const parsed = (body: string): Record<string, unknown> => JSON.parse(body) as Record<string, unknown>;

describe('what is sent of variables', () => {
  const before = {
    KEPT: { value: 'k', isReadOnly: true },
    SECRET: { value: null, isSecret: true, isReadOnly: true },
    OLD: { value: 'o', isSecret: true, isReadOnly: false },
    GONE: { value: 'g' },
  };

  it('is what is kept as it was read, a secret without a value, what is new with its flags, and nothing that goes', () => {
    const changes = [
      keep('KEPT'),
      keep('SECRET'),
      create('OLD', 'plain', false),
      create('NEW', 'v'),
      gone('GONE'),
    ];

    assert.deepEqual(variablesBody(changes, before), {
      KEPT: { value: 'k', isReadOnly: true },
      SECRET: { isSecret: true, isReadOnly: true },
      OLD: { value: 'plain', isReadOnly: false },
      NEW: { value: 'v', isSecret: true },
    });
  });

  it('is read as what it is', () => {
    assert.deepEqual(
      currentVariables({ A: { value: 'a' }, B: { value: null, isSecret: true }, C: { value: null } }),
      [plainVariable('A', 'a'), secretVariable('B'), plainVariable('C', '')],
    );
  });
});

describe('what was read back', () => {
  const changes = [keep('KEPT'), keep('S'), create('A', 'a', false), create('B', 'b'), gone('GONE')];
  const before = { KEPT: { value: 'k' }, S: { value: null, isSecret: true }, GONE: { value: 'g' } };
  const found = {
    KEPT: { value: 'k' },
    S: { value: null, isSecret: true },
    A: { value: 'a' },
    B: { value: null, isSecret: true },
  };

  it('is as planned when names, flags and plain values are', () => {
    assert.ok(areAsPlanned(found, changes, before));
  });

  for (const [title, other] of [
    ['a plain value', { A: { value: 'x' } }],
    ['a kept value', { KEPT: { value: 'x' } }],
    ['what should be plain', { A: { value: null, isSecret: true } }],
    ['what should be secret', { B: { value: 'b' } }],
    ['a kept secret that is plain', { S: { value: '' } }],
    ['one more', { MORE: { value: '' } }],
    ['one that should be gone', { GONE: { value: 'g' } }],
  ] as const) {
    it(`is not as planned when the difference is ${title}`, () => {
      assert.ok(!areAsPlanned({ ...found, ...other }, changes, before));
    });
  }

  it('is not as planned when one is missing, or has another name', () => {
    const { A, ...rest } = found;

    assert.ok(!areAsPlanned(rest, changes, before));
    assert.ok(!areAsPlanned({ ...rest, OTHER: A }, changes, before));
  });

  it('of a group is as planned only with its marks, whatever the text', () => {
    const of = (description: string | null) =>
      isGroupAsPlanned(
        aRead({ variables: { A: { value: 'a' } }, description }),
        planOf(create('A', 'a', false)),
        undefined,
      );

    assert.deepEqual([of(mark), of(`text\n${mark}`), of('text'), of(null)], [true, true, false, false]);
    assert.ok(!isGroupAsPlanned(aRead({ description: mark }), planOf(create('A', 'a', false)), undefined));
    assert.ok(
      isGroupAsPlanned(
        aRead({ variables: { K: { value: 'k' } }, description: mark }),
        planOf(keep('K')),
        aRead({ variables: { K: { value: 'k' } } }),
      ),
    );
  });
});

describe('names that differ only in case', () => {
  it('are refused with each of them', () => {
    const variables = ['A', 'b', 'a', 'C'].map((name) => ({ name }));

    assert.throws(() => {
      refuseTwins(variables, 'group');
    }, /"A" and "a"\./);
    refuseTwins(variables.slice(1), 'group');
  });
});

describe('the body of a group', () => {
  it('that is new names its project, where that is known', () => {
    const plan = planOf(create('A', 'a', false));
    const group = { type: 'Vsts', name: 'web', description: mark, variables: { A: { value: 'a' } } };

    assert.deepEqual(parsed(creationBody('web', plan, undefined)), group);
    assert.deepEqual(parsed(creationBody('web', plan, { id: '1', name: 'Shop' })), {
      ...group,
      variableGroupProjectReferences: [
        { name: 'web', description: mark, projectReference: { id: '1', name: 'Shop' } },
      ],
    });
  });

  it('that is replaced carries through what is not ours, and gives each reference its description', () => {
    const references = [
      { name: 'web', description: 'old', projectReference: { id: '1' } },
      { name: 'shared', description: 'own', projectReference: { id: '2' } },
    ];
    const group = aRead({ providerData: { x: 1 }, variableGroupProjectReferences: references });

    const body = parsed(replacementBody(group, planOf()));

    assert.deepEqual(body, {
      ...{ type: 'Vsts', name: 'web', description: mark, providerData: { x: 1 }, variables: {} },
      variableGroupProjectReferences: [{ ...references[0], description: mark }, references[1]],
    });
    for (const none of [undefined, null])
      assert.deepEqual(
        Object.keys(parsed(replacementBody(aRead({ variableGroupProjectReferences: none }), planOf()))),
        [...['type', 'name', 'description', 'variables']],
      );
    const empty = aRead({ description: null, variableGroupProjectReferences: [{ name: 'web' }] });
    assert.deepEqual(parsed(replacementBody(empty, planOf()))['variableGroupProjectReferences'], [
      { name: 'web', description: mark },
    ]);
  });
});

describe('the version of an API', () => {
  const answer = (status: number, typeKey: string) =>
    ({ status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ typeKey }) }) as never;
  const tooNew = () => answer(400, 'VssVersionOutOfRangeException');

  it('goes back once where a server says that it is too old', () => {
    const version = new ApiVersion('7.1', '5.1');

    for (const other of [answer(400, 'Other'), answer(500, 'VssVersionOutOfRangeException')])
      assert.equal(version.fallBack(other), false);
    assert.deepEqual([version.text, version.isOld], ['7.1', false]);
    assert.equal(version.fallBack(tooNew()), true);
    assert.deepEqual([version.text, version.isOld, version.fallBack(tooNew())], ['5.1', true, false]);
    assert.equal(new ApiVersion('7.1').fallBack(tooNew()), false);
  });
});

describe('a collection', () => {
  it('has the name that stands in its address', () => {
    for (const [url, name] of [
      ['https://dev.azure.com/my%20org/', 'my org'],
      ['https://server/tfs/DefaultCollection//', 'DefaultCollection'],
      ['https://org.visualstudio.com/', 'org'],
    ] as const)
      assert.equal(collectionName(url), name);
  });

  it('is the same at its old and its new address', () => {
    const same = (one: string, other: string): boolean =>
      isSameCollection(`https://${one}`, `https://${other}`);

    assert.ok(same('dev.azure.com/Org', 'org.visualstudio.com//'));
    assert.ok(same('dev.azure.com/org', 'org.visualstudio.com/DefaultCollection'));
    for (const other of [
      'x.org.visualstudio.com',
      'org.visualstudio.com.evil.example',
      'org.visualstudio.com/a/DefaultCollection',
      'org.visualstudio.com/DefaultCollection2',
    ])
      assert.ok(!same('dev.azure.com/org', other), other);
  });
});

describe('a time stamp of Azure DevOps', () => {
  it('is comparable to its last digit, and is a whole UTC time or none', () => {
    const time = '2026-11-24T12:00:00';

    assert.equal(comparableTime(`${time}Z`), '00017955216000000000');
    assert.equal(comparableTime(`${time}.5+00:00`), '00017955216005000000');
    assert.equal(comparableTime(`${time}.0000001Z`), '00017955216000000001');
    for (const other of [
      '',
      time,
      `x${time}Z`,
      `${time}Zx`,
      `${time}+01:00`,
      `${time}.12345678Z`,
      '2026-13-24T12:00:00Z',
    ])
      assert.equal(comparableTime(other), undefined, other);
  });
});

describe('times', () => {
  it('are read from what services send, and from nothing else', () => {
    const date = 'Tue, 24 Nov 2026 12:00:01 GMT';

    assert.equal(answeredAtMs(date), Date.UTC(2026, 10, 24, 12, 0, 1));
    assert.equal(millisecondsOf('00017955216000000000'), 1_795_521_600_000);
    for (const other of [
      undefined,
      '',
      `x${date}`,
      `${date}x`,
      'Tue, 24 Nov 2026',
      'Tue Nov 24 12:00:01 2026',
    ])
      assert.equal(answeredAtMs(other), undefined);
  });
});
