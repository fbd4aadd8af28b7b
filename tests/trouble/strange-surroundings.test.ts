import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MiniAgentOptions } from '../../emulators/agent/mini-agent.js';
import { certificates } from '../../emulators/loopback/certificates.js';
import { HostileServices } from '../support/hostile-services.js';
import { needsOf } from '../support/networks.js';
import { endpointOf } from '../support/world.js';
import { connectionId, hostileAgent, identityId } from './hostile-agent.js';

describe('what surrounds a step, where it is nonsense', () => {
  let services: HostileServices;
  beforeEach(async () => {
    services = await HostileServices.start();
  });
  afterEach(() => services.close());

  const says = async (agent: Partial<MiniAgentOptions>, message: RegExp): Promise<void> => {
    const step = await hostileAgent(services, agent);

    assert.equal(step.result, 'Failed');
    assert.match(step.issues[0]?.message ?? '', message);
    assert.doesNotMatch(step.log, /This is a bug in this task/);
  };

  for (const url of ['nonsense', 'https://', 'ftp://host/collection/', 'javascript:alert(1)']) {
    it(`is named: a collection URL that is none: ${url}`, async () => {
      await says(
        { variables: { 'system.collectionUri': url } },
        /The collection URL that the agent gave this step \(System\.CollectionUri\) is not an address/,
      );
    });

    it(`is named: an address for OIDC tokens that is none: ${url}`, async () => {
      await says(
        {
          variables: { 'system.oidcRequestUri': url },
          endpoints: [{ id: connectionId, ...endpointOf(services.url, 'oidc', identityId) }],
        },
        /^The service connection of infisicalConnection signs in .* System\.OidcRequestUri, .* is not an address/,
      );
    });
  }

  it('is no reason to fail: a percent sign in the address of a collection', async () => {
    const step = await hostileAgent(services, {
      variables: { 'system.collectionUri': `${services.url}/100%/` },
    });

    assert.equal(step.result, 'Succeeded');
  });

  describe('in the certificates of the agent', () => {
    before(needsOf('clientCertificate'));
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'nonsense-'));
    });
    afterEach(() => {
      rmSync(folder, { recursive: true });
    });
    const file = (content: string): string => {
      writeFileSync(join(folder, 'file.pem'), content);
      return join(folder, 'file.pem');
    };
    const using = (client: object, proxy?: string): Partial<MiniAgentOptions> => ({
      certificates: { client: { ...certificates().client, ...client } },
      endpoints: [{ id: connectionId, ...endpointOf(services.url.replace('http:', 'https:'), 'token') }],
      ...(proxy === undefined ? {} : { proxy: { url: proxy, bypass: ['^http://'] } }),
    });
    const unusable = /the agent’s client certificate, its key or its password can’t be used/;

    it('is named: a password that does not open the key', async () => {
      await says(using({ password: 'another-password-than-it-is' }), unusable);
    });

    it('is named: a certificate that is none', async () => {
      await says(using({ certificate: file('nonsense') }), unusable);
    });

    it('is named also behind a proxy, where TLS begins late', async () => {
      const proxy = createServer().on('connect', (_request, socket: Socket) => {
        socket.on('error', () => undefined).write('HTTP/1.1 200 OK\r\n\r\n');
      });
      await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
      try {
        const url = `http://127.0.0.1:${String((proxy.address() as AddressInfo).port)}`;

        await says(using({ password: 'another-password-than-it-is' }, url), unusable);
      } finally {
        proxy.closeAllConnections();
        proxy.close();
      }
    });

    it('is named: a key of another certificate', async () => {
      await says(using({ key: certificates().strangersClient.key }), unusable);
    });
  });
});
