import assert from 'node:assert/strict';
import type { InfisicalEmulator } from '../emulator.js';
import type { Role } from '../identities.js';
import {
  dev,
  get,
  listTarget,
  refusalOf,
  valuesOf,
  withServer,
  type List,
  type StartOptions,
} from './sample.js';

type Given = StartOptions & { role?: Role };

/** Lists `/r` with references expanded, and imports. */
async function listed(server: InfisicalEmulator, version: 3 | 4): Promise<List> {
  const query = {
    secretPath: '/r',
    expandSecretReferences: 'true',
    includeImports: 'true',
    include_imports: 'true',
  };
  return (await get(server, listTarget(version, query))).body as List;
}

/** The value that `/r` of a server gives for X. */
async function valueOf(
  secrets: Record<string, string>,
  given: Given = {},
  prepare: (server: InfisicalEmulator) => void = () => undefined,
): Promise<string | undefined> {
  let value: string | undefined;
  await withServer(given, async (server) => {
    for (const [name, text] of Object.entries(secrets)) {
      const [path = '', key = ''] = name.includes('/') ? name.split(/\/(?=[^/]*$)/) : ['/r', name];
      server.setSecret(dev(path), key, text);
    }
    prepare(server);
    value = valuesOf((await listed(server, 4)).secrets)['X'];
  });
  return value;
}

describe('a reference', () => {
  const cases: [title: string, secrets: Record<string, string>, value: string][] = [
    ['to a neighbour', { X: '<${A}>', A: 'a' }, '<a>'],
    ['to another folder', { X: '<${dev.one.two.A}>', '/one/two/A': 'a' }, '<a>'],
    ['to the root', { X: '<${dev.HOST}>' }, '<db.internal>'],
    ['to a reference', { X: '<${A}>', A: '[${B}]', B: 'b' }, '<[b]>'],
    [
      'to a reference in another folder, which resolves there',
      { X: '<${dev.one.A}>', '/one/A': '${B}', '/one/B': 'b', B: 'here' },
      '<b>',
    ],
    ['inside a reference', { X: '${dev.${KIND}.A}', KIND: 'one', '/one/A': 'a' }, 'a'],
    ['to an empty secret', { X: '<${A}>', A: '' }, '<>'],
    ['twice in one value', { X: '${A}${A}', A: 'a' }, 'aa'],
    ['to a value with signs of replacing', { X: '${A}', A: 'a$$b$&c$1d' }, 'a$$b$&c$1d'],
    ['to a name with a blank in it', { X: '${MY KEY}', 'MY KEY': 'a' }, 'a'],
    ['with blanks at its ends stays', { X: '${ A }', A: 'a' }, '${ A }'],
    ['to a name with other letters stays', { X: '${ü}', ü: 'a' }, '${ü}'],
    ['to itself stays', { X: '<${X}>' }, '<<${X}>>'],
    ['in a circle ends', { X: 'x${Y}', Y: 'y${X}' }, 'xyx${Y}'],
  ];
  for (const [title, secrets, value] of cases) {
    it(title, async () => {
      assert.equal(await valueOf(secrets), value);
    });
  }

  for (const literal of ['${NOPE}', '${dev.nope.A}', '${nope.A}']) {
    it(`to what does not exist becomes empty, or stays where the server leaves it: ${literal}`, async () => {
      assert.equal(await valueOf({ X: `<${literal}>` }), '<>');
      assert.equal(await valueOf({ X: `<${literal}>` }, { missingRef: 'literal' }), `<${literal}>`);
      assert.equal(await valueOf({ X: `<${literal}>` }, { profile: 'v4-2025' }), `<${literal}>`);
    });
  }

  it('resolves in a chain of twelve secrets, not in one of thirteen', async () => {
    const chain = (length: number): Record<string, string> =>
      Object.fromEntries(
        Array.from({ length }, (_, index) => [
          index === 0 ? 'X' : `K${String(index + 1)}`,
          index === length - 1 ? 'end' : `\${K${String(index + 2)}}`,
        ]),
      );

    for (const profile of ['v4-2026', 'v4-2025'] as const) {
      assert.equal(await valueOf(chain(12), { profile }), 'end');
      assert.equal(await valueOf(chain(13), { profile }), '${K13}');
    }
  });

  it('inside a reference, or to a name with a blank, stayed on servers of 2025', async () => {
    const secrets = { X: '${dev.${KIND}.A} ${MY KEY}', KIND: 'one', '/one/A': 'a', 'MY KEY': 'b' };

    assert.equal(await valueOf(secrets, { profile: 'v4-2025' }), '${dev.one.A} ${MY KEY}');
  });

  it('is resolved to a person’s own value when these are asked for', () =>
    withServer({}, async (server) => {
      const person = server.addMachineIdentity({ name: 'ann', isUser: true, projects: { shop: 'admin' } });
      server.setSecret(dev('/r'), 'X', '${A}');
      server.setSecret(dev('/r'), 'A', 'shared');
      server.setSecret(dev('/r'), 'A', 'own', { personalOf: 'ann' });
      const authorization = `Bearer ${(await server.issueToken(person)).text}`;
      const value = async (includePersonalOverrides: string): Promise<string | undefined> => {
        const target = listTarget(4, { secretPath: '/r', includePersonalOverrides });
        return valuesOf(((await get(server, target, { authorization })).body as List).secrets)['X'];
      };

      assert.deepEqual([await value('true'), await value('false')], ['own', 'shared']);
    }));

  it('to what may not be read refuses the whole list, and says which', () => {
    const role: Role = { rules: [{ path: '/r', actions: ['describeSecret', 'readValue'] }] };
    return withServer({ role }, async (server) => {
      server.setSecret(dev('/r'), 'X', '${dev.api.NAME}');

      const answer = await get(server, listTarget(4, { secretPath: '/r' }));

      assert.deepEqual(refusalOf(answer), [
        403,
        'ForbiddenError',
        'Failed to expand one or more secret references',
      ]);
      const byName = await get(server, listTarget(4, { secretPath: '/r' }).replace('secrets?', 'secrets/X?'));
      assert.deepEqual(
        [refusalOf(byName)[2]],
        (answer.body as { details: unknown }).details,
        'by name the refusal says the same at once',
      );
      assert.deepEqual((answer.body as { details: unknown }).details, [
        "You do not have permission to read secret 'NAME' in environment 'dev' at path '/api', which is referenced by secret 'X' in environment 'dev' at path '/r'.",
      ]);
    });
  });

  it('of an imported secret to what may not be read stays', () => {
    const role: Role = { rules: [{ path: '/{r,first}', actions: ['describeSecret', 'readValue'] }] };
    return withServer({ role }, async (server) => {
      server.setSecret(dev('/first'), 'REF', '${dev.api.NAME}');
      server.addImport(dev('/r'), { environment: 'dev', path: '/first' });

      assert.equal(valuesOf((await listed(server, 4)).imports[0]?.secrets ?? [])['REF'], '${dev.api.NAME}');
    });
  });
});

describe('a reference to another project', () => {
  const prepare =
    (isShared: boolean) =>
    (server: InfisicalEmulator): void => {
      server.addProject({ slug: 'vault', environments: ['prod'] });
      const place = { project: 'vault', environment: 'prod', path: '/keys' };
      server.setSecret(place, 'A', 'from ${B}');
      server.setSecret(place, 'B', 'b');
      if (isShared) server.shareFolder(place, 'shop');
    };
  const secrets = { X: '<${@vault.prod.keys.A}>' };

  it('is resolved where the folder is shared, and its target is not looked at again', async () => {
    assert.equal(await valueOf(secrets, { missingRef: 'literal' }, prepare(true)), '<from ${B}>');
  });

  it('stays where it is not', async () => {
    assert.equal(await valueOf(secrets, {}, prepare(false)), secrets.X);
  });

  it('stays on servers of 2025', async () => {
    assert.equal(await valueOf(secrets, { profile: 'v4-2025' }, prepare(true)), secrets.X);
  });
});

describe('a reference in an imported secret', () => {
  const setUp = (server: InfisicalEmulator): void => {
    server.setSecret(dev('/r'), 'NAME', 'importing');
    server.setSecret(dev('/source'), 'NAME', 'source');
    server.setSecret(dev('/source'), 'REF', '${NAME}');
    server.addImport(dev('/r'), { environment: 'dev', path: '/source' });
  };
  const cases: [profile: 'v4-2026' | 'v4-2025', version: 3 | 4, value: string][] = [
    ['v4-2026', 4, 'importing'],
    ['v4-2026', 3, 'source'],
    ['v4-2025', 4, 'source'],
  ];
  for (const [profile, version, value] of cases) {
    it(`resolves in the ${value} folder on v${String(version)} of ${profile}`, () =>
      withServer({ profile }, async (server) => {
        setUp(server);

        assert.equal(valuesOf((await listed(server, version)).imports[0]?.secrets ?? [])['REF'], value);
      }));
  }

  it('to a name that only an import has finds the last one on v4 of today, none on v3', () =>
    withServer({}, async (server) => {
      server.setSecret(dev('/r'), 'X', '${BOTH}');
      server.addImport(dev('/r'), { environment: 'dev', path: '/first' });
      server.addImport(dev('/r'), { environment: 'dev', path: '/second' });

      assert.equal(valuesOf((await listed(server, 4)).secrets)['X'], 'second');
      assert.equal(valuesOf((await listed(server, 3)).secrets)['X'], '');
    }));
});

describe('a reference to nothing in an imported secret', () => {
  const value = async (text: string, version: 3 | 4): Promise<string | undefined> => {
    let found: string | undefined;
    await withServer({}, async (server) => {
      server.setSecret(dev('/source'), 'REF', text);
      server.addImport(dev('/r'), { environment: 'dev', path: '/source' });
      server.addFolder(dev('/r'));
      const target = listTarget(version, {
        secretPath: '/r',
        includeImports: 'true',
        include_imports: 'true',
        expandSecretReferences: 'false',
      });
      found = valuesOf(((await get(server, target)).body as List).imports[0]?.secrets ?? [])['REF'];
    });
    return found;
  };

  it('stays on v4 where it is a name alone, and becomes empty where it names a path, though nothing is to be expanded', async () => {
    assert.equal(await value('<${NOPE}>', 4), '<${NOPE}>');
    assert.equal(await value('<${dev.nope.A}>', 4), '<>');
  });

  it('becomes empty on v3', async () => {
    assert.equal(await value('<${NOPE}>', 3), '<>');
  });
});

describe('a reference through what an import imports itself', () => {
  it('is resolved on v4 of today, below the import’s own secrets', () =>
    withServer({}, async (server) => {
      server.setSecret(dev('/deep'), 'DEEP', 'deep');
      server.setSecret(dev('/deep'), 'BOTH', 'deep');
      server.addImport(dev('/second'), { environment: 'dev', path: '/deep' });
      server.addImport(dev('/r'), { environment: 'dev', path: '/second' });
      server.setSecret(dev('/r'), 'X', '${DEEP} ${BOTH}');

      assert.equal(valuesOf((await listed(server, 4)).secrets)['X'], 'deep second');
    }));
});

describe('a value of several lines whose flag says "encode"', () => {
  const flagged = (value: string): Promise<string | undefined> =>
    valueOf({ A: 'a' }, {}, (server) => {
      server.setSecret(dev('/r'), 'X', value, { skipMultilineEncoding: true });
    });

  it('comes in quotes and with escaped breaks when it holds a reference', async () => {
    assert.equal(await flagged('${A}\nb'), '"a\\nb"');
  });

  it('stays as it is without one', async () => {
    assert.equal(await flagged('a\nb'), 'a\nb');
  });

  it('stays as it is when nothing is expanded', () =>
    withServer({}, async (server) => {
      server.setSecret(dev('/r'), 'X', '${A}\nb', { skipMultilineEncoding: true });

      const { body } = await get(
        server,
        listTarget(4, { secretPath: '/r', expandSecretReferences: 'false' }),
      );

      assert.equal(valuesOf((body as List).secrets)['X'], '${A}\nb');
    }));
});
