import assert from 'node:assert/strict';
import type { FinishedStep } from '../../emulators/agent/mini-agent.js';
import type { Rule } from '../../emulators/infisical/identities.js';
import { aWorld, canary, type World } from '../support/world.js';

const at = (path = '/'): { project: string; environment: string; path: string } => ({
  project: 'shop',
  environment: 'prod',
  path,
});
const profiles = ['v4-2026', 'v4-2025', 'legacy-2024'] as const;

/** Where the secrets go, and what is there afterwards. */
const destinations: Record<
  string,
  { inputs: Record<string, string>; written: (world: World, step: FinishedStep) => string[] }
> = {
  variableGroup: {
    inputs: {},
    written: ({ ado }) => Object.keys(ado.variables('Shop', 'shop-prod')),
  },
  pipelineVariables: {
    inputs: { destination: 'pipelineVariables', variableGroup: '' },
    written: (_world, step) =>
      step.raw.flatMap((line) => /^##vso\[task\.setvariable [^\]]*variable=([A-Z_]+);/.exec(line)?.[1] ?? []),
  },
  pipelineDefinition: {
    inputs: { destination: 'pipelineDefinition', variableGroup: '' },
    written: ({ ado, pipelineId }) => Object.keys(ado.definitions.get(pipelineId)?.variables ?? {}),
  },
};

async function inWorld(
  options: Parameters<typeof aWorld>[0],
  prepare: (world: World) => unknown,
  story: (world: World) => Promise<void>,
): Promise<void> {
  const world = await aWorld(options);
  try {
    await prepare(world);
    await story(world);
  } finally {
    await world.close();
  }
}

/** The run stops with that message, and neither values nor anything else was written. */
function assertStopped(
  world: World,
  step: FinishedStep,
  message: RegExp,
  destination = 'variableGroup',
): void {
  assert.equal(step.result, 'Failed');
  assert.match(step.issues[0]?.message ?? '', message);
  assert.match(step.issues[0]?.message ?? '', /Nothing was (?:changed|written)/);
  assert.deepEqual(destinations[destination]?.written(world, step), []);
}

describe('a reference to nothing', () => {
  for (const infisical of profiles) {
    for (const [destination, { inputs }] of Object.entries(destinations)) {
      it(`stops the run and is named with its secret: ${infisical}, ${destination}`, () =>
        inWorld(
          { infisical },
          ({ infisical: server }) => {
            server.setSecret(at(), 'SCRIPT', `${canary.plain} \${HOME} $PATH`);
            server.setSecret(at(), 'URL', 'db://${prod.nope.HOST}');
          },
          async (world) => {
            assertStopped(
              world,
              await world.sync(inputs),
              /"SCRIPT" in "\/": "\$\{HOME\}" does not lead to a secret[^]*"URL" in "\/": "\$\{prod\.nope\.HOST\}" does not lead/,
              destination,
            );
          },
        ));

      it(`is text with expandSecretReferences: false, and a real one is resolved: ${infisical}, ${destination}`, () =>
        inWorld(
          { infisical },
          ({ infisical: server }) => {
            server.setSecret(at(), 'URL', 'db://${DB_PASSWORD}');
          },
          async (world) => {
            const resolved = await world.sync(inputs);
            world.infisical.setSecret(at(), 'SCRIPT', 'echo ${HOME}');
            const asText = await world.sync({ ...inputs, expandSecretReferences: 'false' });

            assert.deepEqual([resolved.result, asText.result], ['Succeeded', 'Succeeded']);
            assert.deepEqual(destinations[destination]?.written(world, asText).sort(), [
              'API_KEY',
              'DB_PASSWORD',
              'SCRIPT',
              'URL',
            ]);
          },
        ));
    }

    const places: [title: string, inputs: Record<string, string>, prepare: (world: World) => void][] = [
      [
        'a subfolder',
        { recursive: 'true' },
        ({ infisical: server }) => {
          server.setSecret(at('/api'), 'BROKEN', '${NOPE}');
        },
      ],
      [
        'an import',
        {},
        ({ infisical: server }) => {
          server.setSecret(at('/api'), 'BROKEN', '${prod.nope.X}');
          server.addImport(at(), { environment: 'prod', path: '/api' });
        },
      ],
      [
        'an import of an import',
        {},
        ({ infisical: server }) => {
          server.setSecret(at('/deep'), 'BROKEN', '${prod.nope.X}');
          server.addImport(at('/api'), { environment: 'prod', path: '/deep' });
          server.addImport(at(), { environment: 'prod', path: '/api' });
        },
      ],
    ];
    for (const [title, inputs, prepare] of places)
      for (const [destination, to] of Object.entries(destinations))
        it(`stops the run in ${title}: ${infisical}, ${destination}`, () =>
          inWorld({ infisical }, prepare, async (world) => {
            assertStopped(
              world,
              await world.sync({ ...inputs, ...to.inputs }),
              /"BROKEN" in "[^"]*\/api": "\$\{[^}]+\}" does not lead to a secret/,
              destination,
            );
          }));
  }
});

describe('secrets that may be described but not read', () => {
  const both: Rule['actions'] = ['describeSecret', 'readValue'];
  const describeAll: Rule = { actions: ['describeSecret'] };
  const cases: [title: string, rules: Rule[], prepare: (world: World) => void, message: RegExp][] = [
    [
      'in a subfolder',
      [describeAll, { path: '/', actions: ['readValue'] }],
      ({ infisical }) => {
        infisical.setSecret(at('/api'), 'TAKEN', canary.plain);
      },
      /"TAKEN" in "\/api"/,
    ],
    [
      'in an import',
      [describeAll, { path: '/', actions: ['readValue'] }],
      ({ infisical }) => {
        infisical.setSecret(at('/api'), 'TAKEN', canary.plain);
        infisical.addImport(at(), { environment: 'prod', path: '/api' });
      },
      /"TAKEN" in the import "prod:\/api"/,
    ],
    [
      'in an import of an import',
      [describeAll, { path: '/{,api}', actions: ['readValue'] }],
      ({ infisical }) => {
        infisical.setSecret(at('/deep'), 'TAKEN', canary.plain);
        infisical.setSecret(at('/api'), 'KEPT', canary.plain);
        infisical.addImport(at('/api'), { environment: 'prod', path: '/deep' });
        infisical.addImport(at(), { environment: 'prod', path: '/api' });
      },
      /"TAKEN" in the import "prod:\/api"/,
    ],
    [
      'by their tags, in a subfolder',
      [describeAll, { path: '/', actions: ['readValue'] }, { tags: ['web'], actions: both }],
      ({ infisical }) => {
        infisical.setSecret(at('/api'), 'TAKEN', canary.plain);
        infisical.setSecret(at('/api'), 'TAGGED', canary.plain, { tags: ['web'] });
      },
      /- "TAKEN" in "\/api"\n/,
    ],
  ];
  for (const infisical of ['v4-2026', 'v4-2025'] as const) {
    for (const [title, rules, prepare, message] of cases) {
      it(`stop a run that would else delete what it had written: ${title}, ${infisical}`, () =>
        inWorld({ infisical }, prepare, async (world) => {
          const inputs = { recursive: String(message.source.includes('in "')) };
          const first = await world.sync(inputs);
          const before = world.ado.variables('Shop', 'shop-prod');
          world.machine.projects['shop'] = { rules };

          const step = await world.sync(inputs);

          assert.equal(first.result, 'Succeeded');
          assert.equal(step.result, 'Failed');
          assert.match(step.issues[0]?.message ?? '', message);
          assert.match(step.issues[0]?.message ?? '', /Read Value/);
          assert.deepEqual(world.ado.variables('Shop', 'shop-prod'), before);
        }));
    }
  }

  for (const infisical of ['v4-2026', 'v4-2025'] as const)
    for (const [destination, { inputs }] of Object.entries(destinations))
      for (const [title, rules, prepare, message] of cases)
        it(`are never passed over in silence: ${title}, ${infisical}, ${destination}`, () =>
          inWorld({ infisical, role: { rules } }, prepare, async (world) => {
            const recursive = String(message.source.includes('in "'));

            assertStopped(world, await world.sync({ ...inputs, recursive }), message, destination);
          }));
});

describe('an import whose folder is gone', () => {
  const prepare = ({ infisical }: World): void => {
    infisical.setSecret(at('/gone'), 'GONE', canary.old);
    infisical.setSecret(at('/kept'), 'KEPT', canary.plain);
    for (const path of ['/gone', '/kept']) infisical.addImport(at(), { environment: 'prod', path });
    infisical.deleteFolder(at('/gone'));
  };

  it('is named, and the others are used', () =>
    inWorld({}, prepare, async (world) => {
      const step = await world.sync();

      assert.equal(step.result, 'SucceededWithIssues');
      assert.match(
        step.issues[0]?.message ?? '',
        /Infisical has no folder any more for the import "prod:\/gone"/,
      );
      assert.deepEqual(Object.keys(world.ado.variables('Shop', 'shop-prod')).sort(), [
        'API_KEY',
        'DB_PASSWORD',
        'KEPT',
      ]);
    }));

  it('stops the run on a server of 2024, which mixes the others up', () =>
    inWorld({ infisical: 'legacy-2024' }, prepare, async (world) => {
      assertStopped(world, await world.sync(), /lists an import whose source folder is gone/);
    }));
});

describe('the lists of a run', () => {
  const flags = [
    'recursive',
    'includeImports',
    'include_imports',
    'expandSecretReferences',
    'viewSecretValue',
  ];
  const listsAsked = ({ infisical }: World): string[] =>
    infisical.requests
      .filter(({ path }) => path === '/api/v4/secrets')
      .map(({ query }) => flags.map((name) => query.get(name)).join(' '))
      .sort();

  it('send every flag in both spellings, once with values and once without', () =>
    inWorld(
      {},
      () => undefined,
      async (world) => {
        await world.sync({ recursive: 'true', includeImports: 'false' });

        assert.deepEqual(listsAsked(world), ['true false false false false', 'true false false false true']);
      },
    ));

  it('ask for resolved references only where there is one', () =>
    inWorld(
      {},
      ({ infisical }) => {
        infisical.setSecret(at(), 'URL', 'db://${DB_PASSWORD}');
      },
      async (world) => {
        await world.sync();

        assert.deepEqual(listsAsked(world), [
          'false true true false false',
          'false true true false true',
          'false true true true true',
        ]);
      },
    ));
});
