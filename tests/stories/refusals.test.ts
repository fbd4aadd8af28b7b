import assert from 'node:assert/strict';
import { aWorld, canary, type SyncOptions, type World } from '../support/world.js';
import { prod, tellWhy, type Refusal } from './refused.js';

const identityWith = (state: 'expired' | 'used up' | 'ip denied') => (world: World) => {
  world.infisical.addMachineIdentity({
    name: state,
    universalAuth: { clientId: 'client-2', clientSecret: canary.old, state },
    projects: { shop: 'admin' },
  });
};
const secondClient: SyncOptions = {
  connection: { parameters: { username: 'client-2', password: canary.old } },
};

const refusals: Refusal[] = [
  {
    title: 'all wrong inputs at once',
    inputs: {
      infisicalProject: '',
      variableGroup: '',
      maxDeletions: 'x',
      initialSyncBehavior: 'importPrioritizeSource',
    },
    message: /infisicalProject: .*\n.*variableGroup: .*\n.*initialSyncBehavior: .*\n.*maxDeletions: /,
  },
  { title: 'an unset variable', inputs: { environment: '$(env)' }, message: /there is no variable "env"/ },
  {
    title: 'a connection without a secret',
    options: { connection: { parameters: { username: 'client-1' } } },
    message: /infisicalConnection: its client secret is empty/,
  },
  {
    title: 'a connection of another scheme',
    options: { connection: { scheme: 'ManagedServiceIdentity' } },
    message: /infisicalConnection: its scheme "ManagedServiceIdentity"/,
  },
  {
    title: 'a wrong client secret',
    options: { connection: { parameters: { username: 'client-1', password: canary.old } } },
    message: /refused the login\. The client ID or the client secret is wrong.*status 401/,
  },
  {
    title: 'an expired client secret',
    prepare: identityWith('expired'),
    options: secondClient,
    message: /client secret has expired/,
  },
  {
    title: 'a used-up client secret',
    prepare: identityWith('used up'),
    options: secondClient,
    message: /has reached its limit of uses/,
  },
  {
    title: 'an address that is not trusted',
    prepare: identityWith('ip denied'),
    options: secondClient,
    message: /IP address/,
  },
  {
    title: 'a locked identity',
    prepare: async (world) => {
      const connection = { parameters: { username: 'client-1', password: canary.old } };
      for (let i = 0; i < 3; i += 1) await world.sync({}, { connection });
    },
    message: /has locked this machine identity/,
  },
  {
    title: 'an unknown access token',
    options: { auth: 'token', connection: { scheme: 'Token', parameters: { apitoken: canary.old } } },
    message: /does not accept the access token/,
  },
  {
    title: 'an unknown Infisical project',
    inputs: { infisicalProject: 'nope' },
    message: /has no project "nope"/,
  },
  {
    title: 'a project of which the identity is no member',
    prepare: (world) => {
      world.infisical.addProject({ slug: 'foreign', environments: ['prod'] });
    },
    inputs: { infisicalProject: 'foreign' },
    message: /not in the project "foreign"/,
  },
  {
    title: 'an unknown environment',
    inputs: { environment: 'staging' },
    message: /has no path "\/" in environment "staging"/,
  },
  {
    title: 'an unknown path',
    inputs: { secretPath: '/nope' },
    message: /has no path "\/nope" in environment "prod"/,
  },
  {
    title: 'a mistyped path on a server of 2024, which answers 200 and nothing',
    world: { infisical: 'legacy-2024' },
    inputs: { secretPath: '/nope', allowEmptySource: 'true' },
    message: /has no path "\/nope"/,
  },
  {
    title: 'a role that may not read at all',
    world: { role: 'no-access' },
    message: /may not read secrets in environment "prod"/,
  },
  {
    title: 'a role that may list but not read',
    world: { permission: 'go', role: { rules: [{ actions: ['describeSecret'] }] } },
    message: /hides the values of "API_KEY" and "DB_PASSWORD"/,
  },
  {
    title: 'an unresolved reference',
    prepare: (world) => {
      world.infisical.setSecret(prod, 'URL', 'x ${prod.nowhere.KEY}');
    },
    message: /"URL" in "\/": "\$\{prod\.nowhere\.KEY\}" does not lead to a secret/,
  },
  {
    title: 'an empty source',
    prepare: (world) => {
      world.infisical.setSecret({ ...prod, path: '/empty/below' }, 'X', 'x');
    },
    inputs: { secretPath: '/empty' },
    message: /returned no secrets for environment "prod", path "\/empty".*allowEmptySource/,
  },
  {
    title: 'an empty source that is allowed, when the group would be emptied',
    prepare: async (world) => {
      world.infisical.setSecret({ ...prod, path: '/empty/below' }, 'X', 'x');
      await world.sync({ syncName: 's' });
    },
    inputs: { secretPath: '/empty', allowEmptySource: 'true', maxDeletions: '-1', syncName: 's' },
    message: /would leave no variable in variable group "shop-prod"/,
  },
  {
    title: 'one name in two folders',
    prepare: (world) => {
      world.infisical.setSecret({ ...prod, path: '/a' }, 'API_KEY', 'x');
    },
    inputs: { recursive: 'true' },
    message: /"API_KEY" is in "\/(?:a)?" and in "\/(?:a)?"/,
  },
  {
    title: 'names that can’t become variables',
    prepare: (world) => {
      world.infisical.setSecret(prod, 'PATH', 'x');
      world.infisical.setSecret(prod, 'api_key', 'x');
    },
    message:
      /"API_KEY" in "\/" and "api_key" in "\/" both become "api_key".*"PATH" in "\/" → "PATH": the agent keeps this name to itself\nNothing was written/s,
  },
  {
    title: 'a shifted import of an old server',
    world: { infisical: 'legacy-2024' },
    prepare: (world) => {
      world.infisical.setSecret({ ...prod, path: '/a' }, 'A', 'x');
      world.infisical.addImport(prod, { environment: 'prod', path: '/gone' });
      world.infisical.addImport(prod, { environment: 'prod', path: '/a' });
    },
    message: /lists an import whose source folder is gone/,
  },
  {
    title: 'an address where nothing listens',
    options: { connection: { url: 'http://127.0.0.1:1' } },
    message: /nothing listens there/,
  },
  {
    title: 'the web interface instead of the API',
    prepare: (world) => {
      world.infisical.faults.add({ match: { path: /login$/ }, fault: { kind: 'html', status: 200 } });
    },
    message: /did not answer in JSON \(status 200\)/,
  },
];

describe('a run that is refused', () => {
  tellWhy(refusals);

  it('reads nothing when the inputs are wrong', async () => {
    const world = await aWorld();
    try {
      await world.sync({ action: 'nonsense' });

      assert.deepEqual([world.ado.requests.length, world.infisical.requests.length], [0, 0]);
    } finally {
      await world.close();
    }
  });

  it('tries a refused login once', async () => {
    const world = await aWorld();
    try {
      await world.sync({}, { connection: { parameters: { username: 'client-1', password: canary.old } } });

      assert.equal(world.infisical.requests.filter(({ path }) => path.endsWith('/login')).length, 1);
    } finally {
      await world.close();
    }
  });
});
