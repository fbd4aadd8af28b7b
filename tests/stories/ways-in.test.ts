import assert from 'node:assert/strict';
import { aNetworkWorld, type NetworkWorld, type NetworkWorldOptions } from '../support/network-world.js';
import { goodNetworks, needsOf, type Network } from '../support/networks.js';
import type { FinishedStep } from '../../emulators/agent/mini-agent.js';

/** The mini-agent fails a step by itself when a value, a token or a header shows, also at system.debug. */
const debug = { agent: { variables: { 'system.debug': 'true' } } };

interface Ran {
  step: FinishedStep;
  world: NetworkWorld;
}

async function synced(
  options: NetworkWorldOptions,
  look: (ran: Ran) => void = () => undefined,
): Promise<void> {
  const world = await aNetworkWorld(options);
  try {
    const step = await world.sync({}, debug);

    assert.deepEqual(
      step.issues.filter(({ type }) => type === 'error'),
      [],
    );
    assert.deepEqual(Object.keys(world.target.variables('Shop', 'shop-prod')), ['API_KEY', 'DB_PASSWORD']);
    look({ step, world });
  } finally {
    await world.close();
  }
}

const identities = [
  { auth: 'universal', connectionType: 'currentPipeline' },
  { auth: 'token', connectionType: 'personalAccessToken' },
  { auth: 'oidc', connectionType: 'entra' },
] as const;

/** What goes on in some of the networks beside the sync. */
const looks: Partial<Record<Network, (ran: Ran) => void>> = {
  proxy: ({ world }) => {
    assert.deepEqual(world.network.pastProxy(), []);
    assert.notDeepEqual(world.network.proxy.requests, []);
  },
  proxyWithCredentials: ({ step, world }) => {
    assert.deepEqual(world.network.pastProxy(), []);
    // task-lib prints what it finds of the password, which is nothing: it was taken before.
    assert.match(step.log, /Agent\.ProxyPassword=undefined/);
  },
  environmentProxy: ({ world }) => {
    assert.deepEqual(world.network.pastProxy(), []);
  },
  bypassedProxy: ({ world }) => {
    assert.deepEqual(world.network.proxy.requests, []);
  },
  environmentNoProxy: ({ world }) => {
    assert.deepEqual(world.network.proxy.requests, []);
  },
};

/** What a person is warned of. */
const warnings: Partial<Record<Network, RegExp>> = {
  skipValidation: /does not verify certificates/,
  plainHttp: /Infisical at "infisical\.example" uses http:\/\//,
};

for (const network of goodNetworks) {
  describe(`a way in by the network "${network}"`, () => {
    before(needsOf(network));

    for (const { auth, connectionType } of identities) {
      it(`is found with ${auth} and ${connectionType}`, async () => {
        await synced({ auth, connectionType, network }, (ran) => {
          looks[network]?.(ran);
          const warning = warnings[network];
          assert.equal(ran.step.result, warning === undefined ? 'Succeeded' : 'SucceededWithIssues');
          assert.match(ran.step.issues.map(({ message }) => message).join('\n'), warning ?? /^$/);
        });
      });
    }
  });
}

describe('a way in by several networks at once', () => {
  const mixes: Network[][] = [
    ['proxy', 'privateCa'],
    ['proxyWithCredentials', 'clientCertificate', 'subPath'],
    ['environmentProxy', 'privateCa', 'gatewayHeader'],
    ['ipv6', 'privateCa'],
  ];
  before(needsOf(...mixes.flat()));

  for (const network of mixes) {
    it(`is found: ${network.join(' + ')}`, async () => {
      await synced({ auth: 'oidc', connectionType: 'entra', network }, ({ world }) => {
        if (network.some((name) => /proxy/i.test(name))) assert.deepEqual(world.network.pastProxy(), []);
      });
    });
  }

  it('sends a tunnel’s credentials to the proxy, and nothing of the proxy’s to a service', async () => {
    await synced({ network: ['proxyWithCredentials', 'privateCa'] }, ({ world }) => {
      assert.ok(world.network.proxy.requests.every((request) => request.startsWith('CONNECT ')));
      for (const service of ['infisical', 'ado'] as const)
        for (const { headers } of world.network.front(service).requests)
          assert.equal(headers['proxy-authorization'], undefined);
    });
  });
});

describe('an identity', () => {
  for (const auth of ['universal', 'token', 'oidc'] as const) {
    for (const connectionType of ['currentPipeline', 'entra', 'personalAccessToken'] as const) {
      it(`reads by ${auth} and writes by ${connectionType}`, async () => {
        await synced({ auth, connectionType });
      });
    }
  }

  for (const [auth, connectionType] of [
    ['oidc', 'currentPipeline'],
    ['universal', 'entra'],
  ] as const) {
    it(`is trusted by the Entra issuer, too: ${auth} and ${connectionType}`, async () => {
      await synced({ auth, connectionType, issuer: 'entra' });
    });
  }

  for (const target of ['server-2019', 'server-2020', 'server-2022', 'server-2022.1'] as const) {
    it(`writes to a collection of ${target} with a personal access token`, async () => {
      await synced({ connectionType: 'personalAccessToken', target });
    });
  }

  it('of OIDC Auth stores nothing, and signs out at the end', async () => {
    await synced({ auth: 'oidc' }, ({ step, world }) => {
      const requests = world.infisical.requests.map(({ method, path }) => `${method} ${path}`);
      assert.deepEqual(
        requests.filter((request) => /login|revoke/.test(request)),
        ['POST /api/v1/auth/oidc-auth/login', 'POST /api/v1/auth/token/revoke'],
      );
      assert.ok(step.masks.some((mask) => mask.split('.').length === 3));
    });
  });

  it('of Token Auth keeps its token', async () => {
    await synced({ auth: 'token' }, ({ world }) => {
      assert.ok(!world.infisical.requests.some(({ path }) => /login|revoke/.test(path)));
    });
  });

  it('of another organization gets its token from Entra once', async () => {
    await synced({ connectionType: 'entra' }, ({ world }) => {
      assert.equal(world.entra.requests.filter(({ path }) => path.endsWith('/token')).length, 1);
      assert.equal(world.ado.requests.filter(({ path }) => /variablegroups/.test(path)).length, 0);
    });
  });

  it('asks nobody for a token when it writes the variables of the run', async () => {
    const world = await aNetworkWorld({ connectionType: 'entra' });
    try {
      const step = await world.sync({ destination: 'pipelineVariables' }, debug);

      assert.equal(step.result, 'Succeeded');
      assert.deepEqual([world.entra.requests.length, world.target.requests.length], [0, 0]);
    } finally {
      await world.close();
    }
  });
});
