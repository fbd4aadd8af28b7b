import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { nameFamilies, type NameFamily } from '#task/domain/name-families.js';
import { isHarmless, nameNotice, nameProblem, type Kind } from '#task/domain/name-policy.js';
import { runs } from '../../support/hostile.js';

const kinds: Kind[] = ['secret', 'tagged', 'empty'];
const refusedAs = (name: string): Kind[] => kinds.filter((kind) => nameProblem(name, kind) !== undefined);

/** How a name may be written so that it is the same in the environment. */
const writtenAs: Record<string, (character: string) => string[]> = {
  _: () => ['_', '.', ' '],
};
const fullWidth = (character: string): string => String.fromCodePoint(character.charCodeAt(0) + 0xfee0);
const ways = (character: string): string[] =>
  writtenAs[character]?.(character) ?? [character, character.toLowerCase(), fullWidth(character)];
/** `NODE_DEBUG*`: with nothing in place of the star, and with something. */
const examplesOf = (pattern: string): string[] => [
  ...new Set(['', '0', '_ANY'].map((rest) => pattern.replaceAll('*', rest))),
];
const variantOf = (name: string): fc.Arbitrary<string> =>
  fc
    .tuple(...Array.from(name, (character) => fc.constantFrom(...ways(character))))
    .map((all) => all.join(''));
const listed = nameFamilies.flatMap((family) =>
  family.names.flatMap((pattern) => examplesOf(pattern).map((name) => ({ family, name }))),
);

describe('a name that is listed', () => {
  for (const [title, written] of [
    ['as it is', (name: string) => name],
    ['in small letters', (name: string) => name.toLowerCase()],
    ['with "."', (name: string) => name.replaceAll('_', '.')],
    ['with blanks', (name: string) => name.replaceAll('_', ' ')],
    ['with one "." and the rest as it is', (name: string) => name.replace('_', '.')],
    ['in letters of full width', (name: string) => name.replace(/[A-Z]/g, fullWidth)],
  ] as const) {
    it(`is refused as a plain variable, ${title}`, () => {
      assert.deepEqual(
        listed.filter(
          ({ name }) => !['tagged', 'empty'].every((kind) => refusedAs(written(name)).includes(kind as Kind)),
        ),
        [],
      );
    });

    it(`is refused as a secret where a secret reaches somebody, ${title}`, () => {
      assert.deepEqual(
        listed.filter(
          ({ family, name }) =>
            family.reach !== 'environment' && !refusedAs(written(name)).includes('secret'),
        ),
        [],
      );
    });
  }

  it('is refused in every mixture of these', () => {
    fc.assert(
      fc.property(
        fc
          .constantFrom(...listed)
          .chain(({ family, name }) => variantOf(name).map((variant) => ({ family, variant }))),
        ({ family, variant }) => {
          const refused = refusedAs(variant);
          assert.ok(refused.includes('tagged') && refused.includes('empty'), variant);
          assert.ok(family.reach === 'environment' || refused.includes('secret'), variant);
        },
      ),
      runs(20_000),
    );
  });

  it('may be that of a secret where only the environment has power', () => {
    const others = (family: NameFamily): NameFamily[] => nameFamilies.filter((other) => other !== family);
    const names = nameFamilies
      .filter(({ reach }) => reach === 'environment')
      .flatMap((family) => family.names.map((name) => ({ family, name: name.replaceAll('*', '_OF_OURS') })));

    assert.deepEqual(
      names.filter(
        ({ family, name }) =>
          nameProblem(name, 'secret') !== undefined &&
          !others(family).some(({ names: elsewhere }) => elsewhere.includes(name)),
      ),
      [],
    );
  });
});

it('a name that is listed has its "*" at the end, where it is looked for', () => {
  const starred = nameFamilies.flatMap(({ names }) => names).filter((name) => name.includes('*'));

  assert.deepEqual(
    starred.filter((name) => name.indexOf('*') !== name.length - 1),
    [],
  );
});

describe('nameProblem', () => {
  const forms: [name: string, why: RegExp][] = [
    ['', /empty/],
    ['__proto__', /many programs cannot hold/],
    ['A\nB', /control character/],
    [' A', /space/],
    ['A ', /space/],
    ['A$B', /"\$"/],
    ['A(B', /"\("/],
    ['A/B', /"\/"/],
    ['BASH_ENV=x', /"="/],
    ['GIT_SSH_COMMAND＝x', /"="/],
    ['Build.Number', /agent reserves names/],
    ['system.anything', /agent reserves names/],
    ['Release.Anything', /agent reserves names/],
    ['task.anything', /agent reserves names/],
  ];
  for (const [name, why] of forms) {
    it(`refuses ${JSON.stringify(name)}, whatever becomes of it`, () => {
      for (const kind of kinds) assert.match(nameProblem(name, kind) ?? '', why);
    });
  }

  const reasons: [name: string, kind: Kind, why: RegExp][] = [
    ['path', 'secret', /^the agent keeps this name to itself$/],
    ['System_CollectionUri', 'secret', /^tasks ask for the predefined variable/],
    [
      'git.ssh.command',
      'secret',
      /^Git runs what it says, and the checkout step also passes secret variables to Git$/,
    ],
    ['git.ssh.command', 'tagged', /^Git runs what it says$/],
    [
      'NODE.OPTIONS',
      'tagged',
      /^Node\.js runs what it says; the name is allowed without the tag that makes the variable plain$/,
    ],
    [
      'NODE.OPTIONS',
      'empty',
      /^Node\.js runs what it says, and an empty secret becomes a plain variable; the name is allowed if/,
    ],
    ['SECRET_AGENT_PROXYURL', 'tagged', /^tasks take it for something that the agent tells them/],
  ];
  for (const [name, kind, why] of reasons) {
    it(`says why ${name} is refused (${kind})`, () => {
      assert.match(nameProblem(name, kind) ?? '', why);
    });
  }

  /** Names of secrets as people have them; most begin like something that has power. */
  const usual =
    `DB_PASSWORD SECRET_KEY PATH_PREFIX SYSTEM_USER_ID SYSTEM_API_KEY BUILD_TOKEN BUILD_NUMBER RELEASE_KEY
    INPUT_KEY ENDPOINT_URL SECUREFILE_PASSWORD GIT_TOKEN GIT_PASSWORD GIT_SSH_KEY GIT_SSH_PRIVATE_KEY GIT_HTTP_PASSWORD
    GIT_USERNAME LD_SDK_KEY LD_API_KEY GCM_API_KEY SSH_PRIVATE_KEY SSH_KEY SSL_CERT SSL_KEY NPM_TOKEN NPM_CONFIG_TOKEN
    NODE_AUTH_TOKEN NODE_ENV PIP_INDEX_URL PIP_EXTRA_INDEX_URL NUGET_API_KEY TF_VAR_password AWS_SECRET_ACCESS_KEY
    AWS_ACCESS_KEY_ID AZURE_CLIENT_SECRET AZURE_TENANT_ID GOOGLE_APPLICATION_CREDENTIALS KUBECONFIG DOCKER_PASSWORD
    DOCKER_CONFIG JAVA_KEYSTORE_PASSWORD MAVEN_PASSWORD CARGO_REGISTRY_TOKEN COMPOSER_AUTH ANSIBLE_VAULT_PASSWORD
    HTTPS_PROXY ENV ENVIRONMENT HOMEPAGE_URL SHELL_TOKEN PROXY_PASSWORD TASK_QUEUE_KEY PROCESS_KEY PGPASSWORD VAULT_TOKEN
    GPG_PASSPHRASE GH_TOKEN GITHUB_TOKEN SONAR_TOKEN API.KEY my-key ключ 1ST with¤sign`.split(/\s+/);
  it('lets secrets be called what people call them', () => {
    assert.deepEqual(
      usual.filter((name) => nameProblem(name, 'secret') !== undefined),
      [],
    );
  });

  const plain = `DB_URL a.b my-key PATH_TO_X PATH_PREFIX ENVIRONMENT_NAME NODE_ENV NODE_VERSION PYTHON_VERSION
    PYTHONUNBUFFERED DOTNET_ENVIRONMENT ASPNETCORE_ENVIRONMENT TF_VAR_region AWS_REGION AZURE_CLIENT_ID GIT_BRANCH
    GIT_AUTHOR_NAME LD_CLIENT_ID LOG_LEVEL TZ LANG DEBUG PORT HOST HOSTNAME USER JAVA_VERSION VITE_API_URL ключ 1ST`;
  it('lets plain variables be called what people call them', () => {
    assert.deepEqual(
      plain.split(/\s+/).filter((name) => nameProblem(name, 'tagged') !== undefined || !isHarmless(name)),
      [],
    );
  });
});

describe('a name of any length', () => {
  it('is looked up no more often than a short one', () => {
    assert.equal(lookUps('X'.repeat(10_000)), lookUps('X'.repeat(1_000)));
  });

  function lookUps(name: string): number {
    const real = Object.getOwnPropertyDescriptor(Map.prototype, 'get') ?? {};
    let count = 0;
    Map.prototype.get = function (this: Map<unknown, unknown>, key: unknown): unknown {
      count += 1;
      return (real.value as (this: unknown, key: unknown) => unknown).call(this, key);
    };
    try {
      nameProblem(name, 'tagged');
    } finally {
      Object.defineProperty(Map.prototype, 'get', real);
    }
    return count;
  }
});

describe('nameNotice', () => {
  const cases: [string, ReturnType<typeof nameNotice>][] = [
    ['DB_URL', undefined],
    ['a.b', undefined],
    ['my-key', 'unreadable in scripts'],
    ['with blank', 'unreadable in scripts'],
    ['1ST', 'unreadable in scripts'],
    ['SECRET_KEY', 'documented prefix'],
    ['Input_x', 'documented prefix'],
    ['PATH_TO_X', 'documented prefix'],
  ];
  for (const [name, notice] of cases) {
    it(`${name}: ${notice ?? 'none'}`, () => {
      assert.equal(nameNotice(name), notice);
    });
  }
});
